import type { Dice } from '../../dice.js';

/** An experiment: one of its branches for each arm, and the last for those who are held out. */
export interface ArmsDoes {
  readonly kind: 'arms';
  readonly salt: string;
  readonly arms: readonly { readonly name: string; readonly weight: number }[];
  readonly holdout: number;
  /** What is told apart: by what the start says of itself, or by what it shares with some others. */
  readonly by: 'receipt' | 'salt';
  /** The arm of the first start, if that is by its receipt. */
  readonly forced: string | null;
}

/** Arms of a salt: the same wherever it is used, so that whoever has one must have it everywhere. */
const SALTS = {
  A: [
    { name: 'a', weight: 1 },
    { name: 'b', weight: 1 },
  ],
  B: [
    { name: 'a', weight: 1 },
    { name: 'b', weight: 0 },
    { name: 'c', weight: 3 },
  ],
} as const;
export const FORCED = 'receipt-0';

export function drawArms(dice: Dice): ArmsDoes {
  const salt = dice.pick(['A', 'B'] as const);
  const arms = [...SALTS[salt]];
  for (let i = arms.length - 1; i > 0; i--) arms.push(...arms.splice(dice.below(i + 1), 1));
  const by = dice.chance(0.7) ? 'receipt' : 'salt';
  const forced = by === 'receipt' && dice.chance(0.4) ? dice.pick(arms).name : null;
  return { kind: 'arms', salt, arms, holdout: dice.pick([0, 0, 0.5, 1]), by, forced };
}
