import type { AnnouncedEngine } from '../../../core/routing/health/groups.js';
import type { Moved, StoredDispatch } from '../../ports/store.js';

/** An engine without its handlers, which change seldom. */
export interface EngineHead extends Omit<AnnouncedEngine, 'handlers'> {
  /** Rises with each change of its handlers. */
  readonly revision: number;
}

/** Which engines there are, in which groups, and what handlers they have. All times are those of the database. */
export abstract class GroupStore {
  /** Says all of an engine; what was said of it before is replaced. */
  abstract announce(engine: AnnouncedEngine & { readonly revision: number }): Promise<void>;
  /** Says that an engine counts as being up till then: one statement. Of one that was forgotten it says nothing. */
  abstract stay(engine: string, upUntil: number): Promise<void>;
  /** Every engine that is not forgotten: one statement. */
  abstract heads(): Promise<readonly EngineHead[]>;
  /** The handlers of some of them, by engine. */
  abstract handlersOf(engines: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>;
  /** Dispatches of a queue that come after one of them, due or not, by their times. */
  abstract waiting(queue: number, after: StoredDispatch | null, limit: number): Promise<readonly StoredDispatch[]>;
  /** Dispatches anew those that are still in the queue and in nobody's hands; the number of each dispatch rises. */
  abstract move(
    queue: number,
    dispatches: readonly StoredDispatch[],
    to: (stored: StoredDispatch, now: number) => Moved,
  ): Promise<{ readonly rows: readonly StoredDispatch[]; readonly now: number }>;
  /** Forgets engines that counted as being up until before then. */
  abstract forget(before: number): Promise<void>;
}
