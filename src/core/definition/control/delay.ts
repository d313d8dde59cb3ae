import type { Expression } from '../../expression.js';

/** When the first attempt of a task is not begun at once. */
export interface DelayRule {
  /** Asked once, when the node is entered; `null`: always. */
  readonly when: Expression | null;
  /** How long, or until which moment. */
  readonly wait: { readonly ms: number } | { readonly for: Expression } | { readonly until: Expression };
  /** It waits no longer than this, whatever `wait` gives, in milliseconds; `null`: as long as a timer may. */
  readonly maxMs: number | null;
}

/** What the engine evaluates for it. */
export const expressionsOfDelay = ({ when, wait }: DelayRule): readonly Expression[] => [
  ...(when ? [when] : []),
  ...('for' in wait ? [wait.for] : 'until' in wait ? [wait.until] : []),
];
