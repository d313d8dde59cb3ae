import type { Block } from '../flow/block.js';
import { printAdded } from '../flow/items/added.js';
import { printWide } from '../flow/wide/print-wide.js';
import type { Found } from './search.js';

/** A violation for people: what did not hold, in which world, and the steps that lead there. */
export function print({ name, scenario, steps, violations }: Found): string {
  const { flows, starts, engines, tuning, maxDelayMs } = scenario;
  return [
    `VIOLATION: ${name}`,
    ...violations.slice(0, 8).map((violation) => `  ${violation}`),
    ...Object.entries(flows).map(([flow, block]) => `flow ${flow}: ${drawn(block)}`),
    ...starts.map(
      ({ flow, by, receipt, key }) => `start ${receipt} of ${flow} by ${by}${key ? ` with key ${key}` : ''}`,
    ),
    `${engines} engines, batch ${tuning.batch}, prefetch ${tuning.prefetch.normal}, delays up to ${maxDelayMs} ms`,
    `${steps.length} steps, then no more faults until all is quiet:`,
    ...steps.map((step, at) => `  ${at + 1}. ${step}`),
  ].join('\n');
}

function drawn(block: Block): string {
  switch (block.kind) {
    case 'task': {
      const { fails, how, never, polls, by, mutex, undo, more } = block.plan;
      const marks = [
        by,
        mutex && 'mutex',
        never && 'never',
        fails > 0 && `${fails}x ${how}`,
        undo !== undefined && 'can be undone',
        polls > 0 && `${polls} polls`,
        more && JSON.stringify(more),
      ].filter(Boolean);
      return marks.length > 0 ? `${block.id}(${marks.join(', ')})` : block.id;
    }
    case 'each': {
      const { id, items, parallel, until, rest, onError, flow, body } = block;
      const plans = items.map(({ fails, how, never, no }) =>
        never ? 'never' : fails > 0 ? `${fails}x ${how}` : no ? 'no' : 'yes',
      );
      const enough = until ? ` until ${until.count} ${until.by} (${rest})` : '';
      const otherwise = body ? `, else (${drawn(body)})` : '';
      return `${flow ?? ''} ${id} for each of [${plans}]${printAdded(block)}, ${parallel} at a time${enough}, on error ${onError}${otherwise}`;
    }
    case 'timer':
      return `${block.id}(${block.ms} ms)`;
    case 'seq':
      return block.blocks.map(drawn).join(' -> ');
    case 'catch':
      return `try ${block.id} else (${drawn(block.body)})`;
    case 'loop':
      return `${block.times} times (${drawn(block.body)})`;
    case 'xor':
      return `branch ${block.pick} of [${block.branches.map(drawn).join(' | ')}]`;
    case 'or':
      return `branches ${block.picks.join('+') || 'else'} of [${block.branches.map(drawn).join(' | ')}]`;
    case 'and':
      return `all of [${block.branches.map(drawn).join(' | ')}]`;
    case 'race':
      return `the first ${block.count} (${block.rest ?? 'ignore'}) of [${block.branches.map(drawn).join(' | ')}]`;
    case 'copies':
      return `${block.count} at once (${drawn(block.body)})`;
    case 'while':
      return `${drawn(block.first)} -> ${drawn(block.host)} beside (${drawn(block.lead)} -> ${drawn(block.guest)} while it is there)`;
    case 'compensate':
      return `undo ${block.what}`;
    case 'border': {
      const what =
        block.ms === null ? `${block.answered ? 'a letter' : 'a letter that nobody sends'}` : `${block.ms} ms`;
      return `${drawn(block.host)} ${block.interrupts ? 'until' : 'and after'} ${what} (${drawn(block.body)})`;
    }
    case 'scope':
      return `(${drawn(block.body)}) given up by ${block.how} after ${block.ms} ms, then (${drawn(block.rescue)})`;
    case 'wait': {
      const otherwise = block.body ? ` within ${block.timeoutMs} ms, else (${drawn(block.body)})` : '';
      return `${block.person ? 'a person, ' : ''}${block.answered ? 'letter' : 'letter that nobody sends'} for ${block.id}${otherwise}`;
    }
    case 'event': {
      const arms = block.arms.map(({ id, ms, answered }, at) => {
        const what = ms === null ? `${answered ? 'letter' : 'nothing'} for ${id}` : `${ms} ms`;
        return `${what}: ${drawn(block.branches[at] as Block)}`;
      });
      return `whichever comes first of [${arms.join(' | ')}]`;
    }
    case 'call':
      return `${block.detach ? 'start' : 'call'} ${block.flow} by ${block.id}${block.undo ? ', undone,' : ''}${block.body ? ` else (${drawn(block.body)})` : ''}`;
    case 'fails':
      return `${drawn(block.body)} -> failure`;
    case 'wide':
      return printWide(block, drawn);
  }
}
