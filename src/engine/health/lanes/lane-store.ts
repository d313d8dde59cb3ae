import type { LaneState, NamedLane, WantedLane } from '../../../core/routing/lane.js';

export interface Opened {
  /** Names for which there is no room. */
  readonly full: readonly string[];
  /** Whether there is a new line in the change log. */
  readonly changed: boolean;
}

/** The named lanes of an installation. Whatever changes is a line in the change log, which tells all engines to look. */
export abstract class LaneStore {
  /**
   * Opens what is not open, and notes that all of them are wanted.
   * @param settles the number of messages at once counts too; otherwise it stays what it was made with.
   */
  abstract want(lanes: readonly WantedLane[], settles: boolean): Promise<Opened>;
  /** Closes open lanes that nobody has wanted for so long; answers whether there were any. */
  abstract retire(unwantedMs: number): Promise<boolean>;
  /** Those that have been closing, or closed, for so long. */
  abstract leaving(sinceMs: number): Promise<readonly NamedLane[]>;
  /** Answers whether it was still in the state `from`. */
  abstract move(name: string, from: LaneState, to: LaneState): Promise<boolean>;
  /** Gives dispatches of lanes that are closed or gone to `normal`, at most `limit`; answers how many there were. */
  abstract empty(limit: number): Promise<number>;
}
