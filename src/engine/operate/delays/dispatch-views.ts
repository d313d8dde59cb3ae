import type { StoredDispatch } from '../../ports/store.js';
import type { Page } from '../../ports/views.js';

/** A dispatch with the business key of its instance. */
export interface SeenDispatch extends StoredDispatch {
  readonly key: string | null;
}

export interface WaitingFilter {
  readonly flow?: string;
  readonly lane?: string;
  readonly cursor?: string;
  /** 1 to 200. */
  readonly limit: number;
}

/** What people read of dispatches. Never used by what writes. */
export abstract class DispatchViews {
  /** Those whose time has not come, the next one first. */
  abstract waiting(filter: WaitingFilter): Promise<Page<SeenDispatch>>;
  /** The latest decision of each node of the newest instances, at most `limit`, newest instance first. */
  abstract latest(limit: number): Promise<readonly StoredDispatch[]>;
}
