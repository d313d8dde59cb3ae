import type { HealthStore } from '../../../src/engine/health/sharing/health-store.js';
import type { Identity } from '../../../src/engine/ports/identity.js';
import type { Store } from '../../../src/engine/ports/store.js';
import type { Views } from '../../../src/engine/ports/views.js';
import type { PlayGuard } from './guards/play-guard.js';
import type { HealthWords } from './health-words.js';
import type { History } from './history.js';
import type { Lanes } from './lanes.js';
import type { Partner } from './partner.js';
import type { Fault, Scenario } from './scenario.js';
import type { WorldClock } from './sim-clock.js';
import type { Versions } from './versions.js';

/** A store to run a world on; it runs on the world's clock. */
export interface OpenedStore {
  readonly store: Store;
  readonly views: Views;
  readonly health: HealthStore;
  readonly clock: WorldClock;
}

/** What a process finds around it. */
export interface Surroundings {
  readonly scenario: Scenario;
  readonly opened: OpenedStore;
  readonly clock: WorldClock;
  readonly lanes: Lanes;
  readonly words: HealthWords;
  readonly partner: Partner;
  readonly history: History;
  readonly identity: Identity;
  readonly versions: Versions;
  readonly plays: PlayGuard;
  /** Lines that engines log as errors. */
  readonly logged: string[];
  /** Whether the engine at a place has no such handler for now. */
  lacks(place: number, handler: string): boolean;
  /** Counts a fault that has happened. */
  count(fault: Fault, by?: number): true;
  /** Takes the counters of a process that is gone. */
  gather(tally: Readonly<Record<string, number>>): void;
}
