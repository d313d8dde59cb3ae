import type { Calls } from '../../../core/routing/health/circuit.js';
import type { Subject } from '../../../core/routing/subject.js';
import type { Consumer } from '../../ports/broker.js';
import type { HealthEpoch, SharedSubject } from './health-store.js';

/** What one engine saw of a subject since its last report. */
export interface Seen extends Calls {
  readonly subject: Subject;
  /** Handler times: the numbers of buckets and how many calls fell into each, one after the other. */
  readonly times: readonly number[];
}

/** What one engine saw. Empty: it only says that it is there. */
export interface HealthReport {
  readonly engine: string;
  /** Rises by one with each report of an engine; a copy has the number of its original. */
  readonly number: number;
  readonly seen: readonly Seen[];
}

/** What changed in the shared health, or nothing: then it says that it is maintained, and how far it is. */
export interface HealthChange extends HealthEpoch {
  /** The version that it goes on from. */
  readonly from: number;
  readonly subjects: readonly SharedSubject[];
}

/** Carries small messages about health. It may lose, repeat and reorder them; nothing depends on a single one. */
export abstract class HealthBus {
  /** To whoever maintains. Never rejects. */
  abstract report(report: HealthReport): Promise<void>;

  /** Offers to maintain. Of all engines that do, one at a time is given the reports; when it goes, another is. */
  abstract maintain(on: (report: HealthReport) => Promise<void>): Promise<Consumer>;

  /** To every engine, this one included. Never rejects. */
  abstract tell(change: HealthChange): Promise<void>;

  /** @param missed called when messages may have been missed: after a lost connection. */
  abstract listen(on: (change: HealthChange) => void, missed: () => void): Promise<Consumer>;
}
