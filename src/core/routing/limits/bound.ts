import { POLICY } from '../policy.js';

/** What messages of a kind may not exceed, in all engines together. */
export type Bound =
  | { readonly type: 'limit'; readonly key: string; readonly max: number }
  | { readonly type: 'rate'; readonly key: string; readonly max: number; readonly perMs: number };

/** What is known of one key at a moment. */
export interface Known {
  /** Places that other engines hold. */
  readonly others: number;
  /** Places that this engine holds. */
  readonly mine: number;
  /** When the next one would be in time, at an even pace; database time. */
  readonly nextAt: number;
}

/** A message was turned away. */
export interface Refusal {
  readonly bound: Bound;
  /** When it is worth asking again; for a limit nobody can say, so 0. */
  readonly waitMs: number;
}

/** How many may come at once after a pause. The pace is lowered so that no span of `perMs` ever has more than `max`. */
const burstOf = (max: number): number => Math.max(1, Math.ceil(max / 20));
export const paceOf = ({ max, perMs }: { readonly max: number; readonly perMs: number }): number =>
  perMs / (max - burstOf(max) + 1);

/**
 * Decides whether a message may go now, by all of its bounds or not at all.
 * @param state what is known; it is replaced for the keys of a message that goes.
 */
export function admit(bounds: readonly Bound[], state: Map<string, Known>, now: number): Refusal | null {
  for (const bound of bounds) {
    const { others, mine, nextAt } = state.get(bound.key) ?? UNKNOWN;
    if (bound.type === 'limit') {
      if (others + mine >= bound.max) return { bound, waitMs: 0 };
      continue;
    }
    const early = nextAt - (burstOf(bound.max) - 1) * paceOf(bound) - now;
    if (early > 0) return { bound, waitMs: early };
  }
  for (const bound of bounds) {
    const known = state.get(bound.key) ?? UNKNOWN;
    if (bound.type === 'limit') state.set(bound.key, { ...known, mine: known.mine + 1 });
    else state.set(bound.key, { ...known, nextAt: Math.max(now, known.nextAt) + paceOf(bound) });
  }
  return null;
}

const UNKNOWN: Known = { others: 0, mine: 0, nextAt: 0 };

/**
 * How long a message that was turned away waits before it asks again. Of many, each waits longer, so that they do not all ask
 * for a few places all the time; and not all at the same moment.
 * @param before how many were turned away of late.
 * @param spread from 0 to 1; equal for equal messages.
 */
export function waitOf({ bound, waitMs }: Refusal, before: number, spread: number): number {
  const { leastMs, longestMs } = POLICY.limit;
  const turn = bound.type === 'rate' ? before * paceOf(bound) : (before / bound.max) * leastMs;
  const wait = Math.min(longestMs, Math.max(bound.type === 'rate' ? 0 : leastMs, waitMs + turn));
  return Math.ceil(wait * (1 + spread / 2));
}

/** The sentence for people. */
export function saidOf(bound: Bound): string {
  if (bound.type === 'limit') return `${bound.max} of ${bound.key} run at once, which is the most`;
  return `${bound.max} of ${bound.key} in ${bound.perMs / 1_000} s have begun, which is the most`;
}
