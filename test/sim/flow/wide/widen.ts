import { type Block, PLAIN, type TaskBlock, tasksOf } from '../block.js';
import type { Dice } from '../dice.js';
import { drawArms } from './arms/arms.js';
import { drawWait } from './dates/dates.js';
import { drawMerging } from './merging/merging.js';
import type { WideBlock } from './of-blocks.js';
import { drawRules } from './rules/draw-rules.js';
import { drawSteps } from './steps/draw-steps.js';
import { drawMore, MORE } from './tasks/task-more.js';
import { drawTcc } from './tcc/draw-tcc.js';

const KINDS = ['rules', 'steps', 'dates', 'arms', 'merging', 'tcc'] as const;
/** They are told from where they stand: not where much is under way at once, or may be given up at any moment. */
const IN_ORDER: readonly string[] = ['arms', 'merging'];
type Kind = (typeof KINDS)[number];

/** What of these may be in a world. */
export type WideFeature = Kind | (typeof MORE)[number];
const WIDE: readonly WideFeature[] = [...KINDS, ...MORE];

interface Widening {
  readonly dice: Dice;
  readonly features: readonly WideFeature[];
  /** How many tasks become something else. */
  readonly share: number;
}

/**
 * Puts something else in the place of some tasks of a flow. By dice of its own, so that what is drawn beside it stays the
 * same whether or not it is.
 */
function widen(flow: Block, { dice, features, share }: Widening): Block {
  if (features.length === 0) return flow;
  // What is read by another, stands for something, or is told apart by more than its name, stays what it is.
  const kept = new Set(tasksOf(flow).flatMap(({ after }) => (after === null ? [] : [after])));
  const failures = tasksOf(flow).some(({ plan }) => plan.fails > 0);
  const change = (at: Block, isInOrder: boolean): Block => {
    if (at.kind !== 'task') {
      const within = isInOrder && !DISORDERLY.includes(at.kind) && !(at.kind === 'race' && at.rest !== undefined);
      return withChildren(at, (child) => change(child, within));
    }
    const { by, mutex, undo, never } = at.plan;
    const ordered = features.filter((feature) => IN_ORDER.includes(feature));
    // There are fewer places for them, so they are drawn twice as often there.
    const choice = isInOrder ? [...features, ...ordered] : features.filter((feature) => !ordered.includes(feature));
    const isKept = kept.has(at.id) || by || mutex || undo !== undefined || never || choice.length === 0;
    if (isKept || !dice.chance(share)) return at;
    const feature = dice.pick(choice);
    return isKind(feature) ? wide(at, dice, feature, failures) : say(at, dice, feature);
  };
  return change(flow, true);
}

const DISORDERLY: readonly Block['kind'][] = ['copies', 'border', 'while', 'scope'];
const isKind = (feature: WideFeature): feature is Kind => (KINDS as readonly string[]).includes(feature);

/** The task, which says one thing more. */
function say(at: TaskBlock, dice: Dice, feature: (typeof MORE)[number]): TaskBlock {
  const more = drawMore(dice, feature);
  if (!more.cache) return { ...at, plan: { ...at.plan, more } };
  return { ...at, after: null, plan: { ...at.plan, reads: 'some', more } };
}

function wide(task: TaskBlock, dice: Dice, feature: Kind, failures: boolean): WideBlock {
  const id = `${feature[0]}w${task.id.slice(1)}`;
  const plain = (name: string | number): Block => ({ kind: 'task', id: `${task.id}${name}`, plan: PLAIN, after: null });
  const block = { kind: 'wide', id, branches: [] } as const;
  switch (feature) {
    case 'dates':
      return { ...block, does: { kind: 'dates', wait: drawWait(dice, ['until', 'for', 'cron']) } };
    case 'tcc':
      return { ...block, id: `p${task.id.slice(1)}`, does: drawTcc(dice, failures) };
    case 'arms': {
      const does = drawArms(dice);
      return { ...block, does, branches: [task, ...does.arms.map((_, i) => plain(i))] };
    }
    case 'merging': {
      const branches = [task, ...Array.from({ length: dice.between(1, 2) }, (_, i) => plain(i))];
      return { ...block, does: drawMerging(dice, branches.length), branches };
    }
    default: {
      const isDoomed = dice.chance(0.12);
      const does = feature === 'rules' ? drawRules(dice, failures, isDoomed) : drawSteps(dice, failures, isDoomed);
      return { ...block, does, branches: isDoomed ? [plain('r')] : [] };
    }
  }
}

/** Hosts and guests are tasks by their nature. */
export function withChildren(at: Block, change: (block: Block) => Block): Block {
  switch (at.kind) {
    case 'seq':
      return { ...at, blocks: at.blocks.map(change) };
    case 'catch':
    case 'loop':
    case 'fails':
    case 'copies':
    case 'border':
      return { ...at, body: change(at.body) };
    case 'scope':
      return { ...at, body: change(at.body), rescue: change(at.rescue) };
    case 'while':
      return { ...at, first: change(at.first), lead: change(at.lead) };
    case 'wait':
    case 'call':
    case 'each':
      return at.body ? { ...at, body: change(at.body) } : at;
    case 'xor':
    case 'and':
    case 'or':
    case 'race':
    case 'event':
      return { ...at, branches: at.branches.map(change) };
    default:
      return at;
  }
}

/**
 * All flows of a world with something else in them.
 * @param focus what is to be in it for sure.
 * @param world whether its engines sweep, and whether its partners are down for long, so that there is something to fall back from.
 */
export function widenAll(
  flows: Readonly<Record<string, Block>>,
  dice: Dice,
  focus: readonly string[],
  { sweeping, frail }: { readonly sweeping: boolean; readonly frail: boolean },
): Record<string, Block> {
  const wanted = WIDE.filter((feature) => focus.includes(feature));
  const isOn = wanted.length > 0 || dice.chance(0.45);
  const shareOf = (feature: WideFeature): number => (feature === 'fallback' && frail ? 0.8 : 0.3);
  const features = isOn ? WIDE.filter((feature) => wanted.includes(feature) || dice.chance(shareOf(feature))) : [];
  // A person who cancels is no message that would come again: what follows needs the sweep.
  const drawn = features.filter((feature) => sweeping || feature !== 'tcc');
  const share = wanted.length > 0 ? 0.6 : dice.pick([0.2, 0.4]);
  const widening = { dice, features: drawn, share };
  return Object.fromEntries(Object.entries(flows).map(([name, flow]) => [name, widen(flow, widening)]));
}
