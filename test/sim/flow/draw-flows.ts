import type { Block } from './block.js';
import type { ControlKind } from './control/draw-control.js';
import type { Dice } from './dice.js';
import { drawBlock } from './draw-block.js';

/** Features that may be in a world, beside the faults. */
export type Feature =
  | 'events'
  | 'undo'
  | 'undone-calls'
  | 'versions'
  | 'plays'
  | 'control'
  | 'lists'
  | 'more'
  | 'talk'
  | 'calls'
  | 'lease'
  | 'worker'
  | 'frail'
  | 'unswept'
  | 'calm';

/**
 * What passes between instances, and between them and the outside, is not caused by a dispatch: where nothing sweeps, no
 * redelivery brings it back.
 */
export function drawFlows(
  dice: Dice,
  sweeping: boolean,
  likely: (what: Feature, share: number) => boolean,
): Record<string, Block> {
  const failures = dice.chance(0.7);
  const talk = likely('talk', 0.4) && sweeping;
  const subs = likely('calls', 0.35) && sweeping ? dice.between(1, 2) : 0;
  const kinds = CONTROL.filter((kind) => sweeping || !OPENED_BY_OTHERS.includes(kind));
  const control = likely('control', 0.25) ? kinds.filter(() => dice.chance(0.5)) : [];
  const undo = likely('undo', 0.2);
  const lists = likely('lists', 0.25) && sweeping;
  const hands = (['lease', 'worker'] as const).filter((hand) => likely(hand, 0.25) && sweeping);
  const flow = (root: string, most: number, callable: readonly string[]): Block =>
    drawBlock(dice, {
      depth: dice.between(0, most),
      failures,
      // Who excludes others, or is waited for, must end.
      never: failures && dice.chance(0.2) && !control.includes('mutex') && !control.includes('while'),
      poison: failures && dice.chance(0.35),
      timers: dice.chance(root === '_' ? 0.5 : 0.8),
      talk,
      lists,
      undo,
      control,
      callable,
      hands,
      root,
    });
  const flows: Record<string, Block> = {};
  for (let i = dice.between(1, 2); i > 0; i--)
    flows[`flow${i}`] = flow(
      '_',
      3,
      Array.from({ length: subs }, (_, at) => `sub${at + 1}`),
    );
  for (let i = subs; i > 0; i--) {
    const body = flow(`_${'xy'[i - 1]}`, 1, i < subs ? [`sub${i + 1}`] : []);
    flows[`sub${i}`] = dice.chance(0.25) ? { kind: 'fails', id: `f_${i}`, body } : body;
  }
  return flows;
}

const CONTROL: readonly ControlKind[] = ['cancel', 'hold', 'copies', 'scope', 'mutex', 'while'];
/** They begin because of what ends, which has not dispatched them: only the sweep finds them after a crash. */
const OPENED_BY_OTHERS: readonly ControlKind[] = ['mutex', 'while'];
