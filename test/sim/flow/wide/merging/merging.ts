import type { Json } from '../../../../../src/core/json.js';
import type { Dice } from '../../dice.js';
import type { MergeBy } from '../steps/steps-block.js';

/** Branches that write the same variable apart from one another, and a join that makes one value of theirs. */
export interface MergingDoes {
  readonly kind: 'merging';
  readonly rule: MergeBy;
  /** What it holds before they part; `null`: whatever it does, or nothing. */
  readonly before: number | null;
  /** What each branch adds to what it sees, one after the other; empty: it writes nothing. */
  readonly adds: readonly (readonly number[])[];
}

const RULES: readonly MergeBy[] = ['sum', 'sum', 'max', 'min', 'list', 'first', 'last', 'concat', 'union'];

export const drawMerging = (dice: Dice, branches: number): MergingDoes => ({
  kind: 'merging',
  rule: dice.pick(RULES),
  before: dice.chance(0.6) ? dice.between(1, 9) : null,
  adds: Array.from({ length: branches }, () => {
    return Array.from({ length: dice.between(0, 2) }, () => dice.between(1, 9));
  }),
});

export const mergedIn = (id: string): string => `v_${id}`;

/** What a branch writes who sees that: where lists are merged a list. */
export function written(rule: MergeBy, seen: Json, adds: number): Json {
  if (rule === 'concat' || rule === 'union') return [...(Array.isArray(seen) ? seen.slice(0, 3) : []), adds];
  return (typeof seen === 'number' ? seen : 0) + adds;
}
