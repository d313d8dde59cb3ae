import type { Definition } from '../../../src/core/definition/definition.js';
import type { Expression } from '../../../src/core/expression.js';
import type { JsonObject } from '../../../src/core/json.js';
import {
  type Colon,
  end,
  exclusive,
  expr,
  flow,
  inclusive,
  is,
  join,
  literal,
  parallel,
  path,
  set,
  start,
  task,
  timer,
} from '../../support/build-definition.js';
import { type Block, MOST_RETRIES, type TaskBlock } from './block.js';
import { handlerOf, type Partners } from './partners.js';

type Nodes = Parameters<typeof flow>[0];

/** A part of the flow: where it is entered, where it is left, and by what line it is left. */
interface Part {
  readonly entry: string;
  readonly exit: string;
  readonly by: Colon | undefined;
}

/** The flow `begin -> block -> done`. */
export function definitionOf(name: string, block: Block, partners: Partners): Definition {
  const nodes: Nodes = { begin: start(), done: end('done') };
  const arrows: (string | readonly [string, Colon])[] = [];
  const line = (from: string, to: string, by: Colon | undefined): void => {
    arrows.push(by === undefined ? `${from} -> ${to}` : [`${from} -> ${to}`, by]);
  };
  const behind = (id: string) => ({
    handler: handlerOf(id, partners),
    ...(partners.banks && { circuit: { name: 'bank', by: path('input.bank') } }),
  });
  const part = (entry: string, exit = entry, by?: Colon): Part => ({ entry, exit, by });
  const fork = (
    open: string,
    close: string,
    branches: readonly Block[],
    when: (i: number) => Colon | undefined,
  ): Part => {
    for (const [i, branch] of branches.entries()) {
      const inner = add(branch);
      line(open, inner.entry, when(i));
      line(inner.exit, close, inner.by);
    }
    return part(open, close);
  };
  const add = (at: Block): Part => {
    switch (at.kind) {
      case 'task':
        nodes[at.id] = task({
          ...behind(at.id),
          ...inOf(at),
          ...outOf(at),
          retry: { remote: [1_000, 4_000], max: MOST_RETRIES },
        });
        return part(at.id);
      case 'timer':
        nodes[at.id] = timer({ ms: at.ms });
        return part(at.id);
      case 'seq': {
        const parts = at.blocks.map(add);
        for (const [i, { entry }] of parts.entries()) {
          const before = parts[i - 1];
          if (before) line(before.exit, entry, before.by);
        }
        const last = parts.at(-1);
        return part(parts[0]?.entry ?? '', last?.exit, last?.by);
      }
      case 'catch': {
        nodes[`${at.id}_try`] = task({
          ...behind(`${at.id}_try`),
          in: {},
          retry: { remote: [1_000], max: MOST_RETRIES },
        });
        nodes[`${at.id}_merge`] = exclusive();
        const inner = add(at.body);
        line(`${at.id}_try`, `${at.id}_merge`, undefined);
        line(`${at.id}_try`, inner.entry, 'on error REFUSED*');
        line(inner.exit, `${at.id}_merge`, inner.by);
        return part(`${at.id}_try`, `${at.id}_merge`);
      }
      case 'xor':
        nodes[`${at.id}_split`] = exclusive();
        nodes[`${at.id}_merge`] = exclusive();
        return fork(`${at.id}_split`, `${at.id}_merge`, at.branches, (i) =>
          i === 0 ? 'else' : is(`input.${at.id}`, i),
        );
      case 'or':
        nodes[`${at.id}_split`] = inclusive();
        nodes[`${at.id}_join`] = join('taken');
        return fork(`${at.id}_split`, `${at.id}_join`, at.branches, (i) =>
          i === at.branches.length - 1 ? 'else' : is(`input.${at.id}.p${i}`, true),
        );
      case 'and':
      case 'race':
        nodes[`${at.id}_split`] = parallel();
        nodes[`${at.id}_join`] = join(at.kind === 'and' ? 'all' : at.count);
        return fork(`${at.id}_split`, `${at.id}_join`, at.branches, () => undefined);
      case 'loop': {
        const count = `vars.${at.id}`;
        nodes[`${at.id}_zero`] = set({ [at.id]: literal(0) });
        nodes[`${at.id}_next`] = set({ [at.id]: expr(`${count} + 1`, [count], (n) => Number(n) + 1) });
        nodes[`${at.id}_again`] = exclusive();
        const inner = add(at.body);
        line(`${at.id}_zero`, `${at.id}_next`, undefined);
        line(`${at.id}_next`, inner.entry, undefined);
        line(inner.exit, `${at.id}_again`, inner.by);
        const goesOn = expr(`${count} < ${at.times}`, [count], (n) => Number(n) < at.times);
        line(`${at.id}_again`, `${at.id}_next`, goesOn);
        return part(`${at.id}_zero`, `${at.id}_again`, 'else');
      }
    }
  };
  const whole = add(block);
  line('begin', whole.entry, undefined);
  line(whole.exit, 'done', whole.by);
  return flow(nodes, arrows, { flow: name });
}

function inOf({ plan, after }: TaskBlock): { in?: Record<string, Expression> } {
  if (plan.reads === 'all') return {};
  if (plan.reads === 'nothing') return { in: {} };
  return { in: { salt: path('input.salt'), ...(after !== null && { before: path(`${after}.value`) }) } };
}

const outOf = ({ id, plan }: TaskBlock): { out?: Record<string, Expression> } =>
  plan.writes ? { out: { [`v_${id}`]: path('result.value') } } : {};

/** The input that makes the gateways pick as the blocks say. */
export function inputOf(block: Block): JsonObject {
  switch (block.kind) {
    case 'task':
    case 'timer':
      return {};
    case 'seq':
      return Object.assign({}, ...block.blocks.map(inputOf)) as JsonObject;
    case 'loop':
    case 'catch':
      return inputOf(block.body);
    case 'xor':
      return Object.assign({ [block.id]: block.pick }, ...block.branches.map(inputOf)) as JsonObject;
    case 'or': {
      const picks = Object.fromEntries(block.picks.map((i) => [`p${i}`, true]));
      return Object.assign({ [block.id]: picks }, ...block.branches.map(inputOf)) as JsonObject;
    }
    case 'and':
    case 'race':
      return Object.assign({}, ...block.branches.map(inputOf)) as JsonObject;
  }
}
