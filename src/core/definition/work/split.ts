import type { Expression } from '../../expression.js';
import { share } from '../../share.js';

/** Who gets which arm of an experiment. */
export interface SplitRule {
  /** What is told apart: a user, an account. */
  readonly by: Expression;
  /** Equal salts give equal arms, also in other flows and later versions. */
  readonly salt: string;
  readonly arms: readonly { readonly name: string; readonly weight: number }[];
  /** The share that gets no arm: 0 to 1. */
  readonly holdout: number;
  /** The arms of testers, by what they are told apart by. */
  readonly force: ReadonlyMap<string, string>;
}

/**
 * The arm of one value; `null` for those who are held out. The same value always has the same arm, whatever the order
 * of the arms. When weights change, a value changes only into an arm whose share has grown (or out of one that is gone),
 * and who is held out does not depend on the arms at all.
 */
export function armOf({ salt, arms, holdout, force }: Omit<SplitRule, 'by'>, value: string): string | null {
  const forced = force.get(value);
  if (forced !== undefined) return forced;
  if (share(`holdout:${salt}:${value}`) < holdout) return null;
  let best: string | null = null;
  let highest = 0;
  for (const { name, weight } of arms) {
    const score = weight / -Math.log(share(`${name}:${salt}:${value}`) || Number.MIN_VALUE);
    if (score <= highest) continue;
    highest = score;
    best = name;
  }
  return best;
}
