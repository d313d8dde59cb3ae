import type { AskPlan } from '../ask-plan.js';

/** A branch of a step. */
export interface BranchPlan {
  readonly name: string;
  /** It begins with a context that somebody makes for it, instead of a copy. */
  readonly context: AskPlan | null;
  readonly asks: readonly AskPlan[];
  /** What its last handler gives for the member that branches share; `null`: nothing. */
  readonly gives: number | null;
}

export type MergeBy = 'sum' | 'max' | 'min' | 'list' | 'first' | 'last' | 'concat' | 'union';

export interface StepPlan {
  readonly name: string;
  /** One after the other; empty: branches. */
  readonly asks: readonly AskPlan[];
  readonly branches: readonly BranchPlan[];
  /** What becomes of the member that branches share; `null`: nothing may; or who makes one context of theirs. */
  readonly merge: MergeBy | null | { readonly asks: AskPlan };
  /** Goes back to a step until it has been done so often. */
  readonly back: { readonly to: string; readonly times: number } | null;
  readonly checkpoint: boolean;
}

/** The step of a doomed sequence whose branches change the same. */
export const CONFLICT = 'conflict';

export interface StepsDoes {
  readonly kind: 'steps';
  readonly steps: readonly StepPlan[];
  /** Most jumps. */
  readonly jumps: number;
  readonly doomed?: true;
}

/** The member of the context that counts how often a step was done. */
export const counterOf = (step: string): string => `n_${step}`;

/** What the member that branches share holds: a number, or where lists are merged a list. */
export const sharedBy = ({ merge }: Pick<StepPlan, 'merge'>, gives: number): number | readonly number[] =>
  merge === 'concat' || merge === 'union' ? [gives, 1] : gives;
