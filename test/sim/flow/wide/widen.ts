import { type Block, PLAIN, tasksOf } from '../block.js';
import type { Dice } from '../dice.js';
import type { WideBlock } from './of-blocks.js';
import { drawRules } from './rules/draw-rules.js';
import { drawSteps } from './steps/draw-steps.js';
import { drawTcc } from './tcc/draw-tcc.js';
import type { Does } from './wide-block.js';

/** What of these may be in a world. */
export type WideFeature = 'rules' | 'steps' | 'tcc';
export const WIDE: readonly WideFeature[] = ['rules', 'steps', 'tcc'];

/**
 * Puts something else in the place of some tasks of a flow. By dice of its own, so that what is drawn beside it stays the
 * same whether or not it is.
 */
export function widen(flow: Block, dice: Dice, features: readonly WideFeature[], share: number): Block {
  if (features.length === 0) return flow;
  // What is read by another, stands for something, or is told apart by more than its name, stays what it is.
  const kept = new Set(tasksOf(flow).flatMap(({ after }) => (after === null ? [] : [after])));
  const failures = tasksOf(flow).some(({ plan }) => plan.fails > 0);
  const change = (at: Block): Block => {
    if (at.kind === 'task') {
      const { by, mutex, undo, never } = at.plan;
      if (kept.has(at.id) || by || mutex || undo !== undefined || never || !dice.chance(share)) return at;
      return wide(at.id, dice, dice.pick(features), failures);
    }
    return withChildren(at, change);
  };
  return change(flow);
}

function wide(task: string, dice: Dice, feature: WideFeature, failures: boolean): WideBlock {
  const id = `${feature[0]}w${task.slice(1)}`;
  if (feature === 'tcc') return { kind: 'wide', id: `p${task.slice(1)}`, does: drawTcc(dice, failures), branches: [] };
  const isDoomed = dice.chance(0.12);
  const does: Does = feature === 'rules' ? drawRules(dice, failures, isDoomed) : drawSteps(dice, failures, isDoomed);
  const rescue: Block = { kind: 'task', id: `${task}r`, plan: PLAIN, after: null };
  return { kind: 'wide', id, does, branches: isDoomed ? [rescue] : [] };
}

/** Hosts and guests are tasks by their nature. */
function withChildren(at: Block, change: (block: Block) => Block): Block {
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

/** The same for all flows of a world. @param focus what is to be in it for sure. */
export function widenAll(
  flows: Readonly<Record<string, Block>>,
  dice: Dice,
  focus: readonly string[],
  sweeping: boolean,
): Record<string, Block> {
  const wanted = WIDE.filter((feature) => focus.includes(feature));
  const isOn = wanted.length > 0 || dice.chance(0.4);
  const features = isOn ? WIDE.filter((feature) => wanted.includes(feature) || dice.chance(0.35)) : [];
  // A person who cancels is no message that would come again: what follows needs the sweep.
  const drawn = features.filter((feature) => sweeping || feature !== 'tcc');
  const share = wanted.length > 0 ? 0.6 : dice.pick([0.2, 0.4]);
  return Object.fromEntries(Object.entries(flows).map(([name, flow]) => [name, widen(flow, dice, drawn, share)]));
}
