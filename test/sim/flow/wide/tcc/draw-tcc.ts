import type { Dice } from '../../dice.js';
import type { ParticipantPlan, TccDoes } from './tcc-block.js';

const TIMES = [1_000, 4_000, 20_000];

/** One to three who say yes, as a rule. */
export function drawTcc(dice: Dice, failures: boolean): TccDoes {
  const participants = Array.from(
    { length: dice.between(1, 3) },
    (): ParticipantPlan => ({
      fails: failures && dice.chance(0.3) ? dice.between(1, 2) : 0,
      says: dice.chance(0.8) ? 'yes' : dice.pick(['no', 'gone'] as const),
      settles: dice.chance(0.12) ? null : failures && dice.chance(0.3) ? dice.between(1, 2) : 0,
    }),
  );
  const order = dice.chance(0.5) ? 'parallel' : 'sequence';
  return { kind: 'tcc', order, participants, withinMs: dice.chance(0.4) ? dice.pick(TIMES) : null };
}
