import type { Block } from '../block.js';
import type { AskPlan } from './ask-plan.js';
import type { WideBlock } from './of-blocks.js';
import type { RulePart } from './rules/rules-block.js';
import type { StepPlan } from './steps/steps-block.js';

/** Such a block for people. */
export function printWide({ id, does, branches }: WideBlock, drawn: (block: Block) => string): string {
  const otherwise = branches.length > 0 ? `, else (${branches.map(drawn).join(' | ')})` : '';
  if (does.kind === 'rules')
    return `${id} by rules${does.at === null ? '' : ` at ${does.at}`} ${rule(does.root)}${otherwise}`;
  if (does.kind === 'tcc') {
    const all = does.participants.map(
      ({ fails, says, settles }) => `${fails}x then ${says}, settles ${settles ?? 'never'}`,
    );
    return `${id} together ${does.order} [${all.join('; ')}]${does.withinMs === null ? '' : ` within ${does.withinMs}`}`;
  }
  if (does.kind === 'dates') return `${id} ${does.wait.how} ${does.wait.ms} ms`;
  if (does.kind === 'arms') {
    const { salt, by, holdout, forced, arms } = does;
    const among = branches.map((one, i) => `${arms[i]?.name ?? 'held out'}: ${drawn(one)}`);
    return `${id} by ${by} of ${salt}, ${holdout} held out, ${forced ?? 'nothing'} forced [${among.join(' | ')}]`;
  }
  if (does.kind === 'merging') {
    const among = branches.map((one, i) => `${does.adds[i]?.join('+') ?? ''} ${drawn(one)}`);
    return `${id} from ${does.before} by ${does.rule} [${among.join(' | ')}]`;
  }
  return `${id} in steps [${does.steps.map(step).join('; ')}] with ${does.jumps} jumps${otherwise}`;
}

function rule({ rule: kind, parts, says, ask, shift, window, forward, inverse, onError }: RulePart): string {
  const own = parts.length > 0 ? `(${parts.map(rule).join(', ')})` : ask || kind === 'when' ? ` ${says}` : '';
  const marks = [
    ask && asked(ask),
    shift && ('by' in shift ? `by ${shift.by}` : `to ${shift.to}`),
    window && `from ${window.from} to ${window.to}`,
    inverse && 'inverse',
    onError && `on error ${onError}`,
    forward && `after ${rule(forward)}`,
  ].filter(Boolean);
  return `${kind}${own}${marks.length > 0 ? ` {${marks.join(', ')}}` : ''}`;
}

function step({ name, asks, branches, merge, back, checkpoint }: StepPlan): string {
  const within = branches.map((one) => {
    const own = one.context ? `of its own${asked(one.context)} ` : '';
    return `${one.name} ${own}${one.asks.map(asked).join(' ') || 'asks'}${one.gives === null ? '' : ` gives ${one.gives}`}`;
  });
  const by = merge === null ? '' : typeof merge === 'string' ? ` by ${merge}` : ` by somebody${asked(merge.asks)}`;
  const what = branches.length > 0 ? `{${within.join(' | ')}}${by}` : asks.map(asked).join(' ');
  return `${name} ${what}${back ? ` back to ${back.to} until ${back.times}` : ''}${checkpoint ? ' !' : ''}`;
}

const asked = ({ fails, how, broken }: AskPlan): string =>
  broken ? '(broken)' : fails > 0 ? `(${fails}x ${how})` : '()';
