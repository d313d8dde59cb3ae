import type { Bound, Refusal } from '../../../core/routing/limits/bound.js';

export interface Exchange {
  /** Who asks. */
  readonly engine: string;
  /** Places that it holds of each key that it asks about, or gives back. */
  readonly held: ReadonlyMap<string, number>;
  /** One entry for each message that wants to go: all of its bounds. */
  readonly wanted: readonly (readonly Bound[])[];
  /** How long its places count without a word of it. */
  readonly leaseMs: number;
}

/** What all engines together may not exceed. */
export abstract class LimitStore {
  /** Writes what an engine holds and asks for more, in one transaction; answers for each of `wanted`: `null`, it may go. */
  abstract exchange(exchange: Exchange): Promise<readonly (Refusal | null)[]>;
  /** Forgets what nobody has used for so long. */
  abstract tidy(unusedMs: number): Promise<void>;
}
