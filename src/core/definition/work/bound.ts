import type { Expression } from '../../expression.js';

/** A value that tells partners apart. */
export interface CircuitRule {
  /** The name of the dimension: the last name of the path, or the whole expression. */
  readonly name: string;
  readonly by: Expression;
}

/** How many attempts of a node may run at once, or may begin in a time. */
export interface NodeBound {
  readonly max: number;
  /** `null`: at once. */
  readonly perMs: number | null;
  /** Counted apart by a value; `null`: all together. */
  readonly by: CircuitRule | null;
}
