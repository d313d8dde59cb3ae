import type { Circuit } from './health/circuit.js';
import type { KnownGroups } from './health/groups.js';
import type { Latency } from './health/latency.js';
import type { LaneName, OpenLanes } from './lane.js';
import type { Override, Rule } from './rules.js';
import type { Subject } from './subject.js';

/** What is known of one subject. */
export interface SubjectHealth {
  readonly circuit: Circuit;
  readonly latency: Latency;
}

/** What was known of a subject when it was frozen, and till when that counts. Database times. */
export interface Frozen extends SubjectHealth {
  readonly at: number;
  readonly until: number;
}

/** All that the router knows beside the message. Whatever is missing makes it say what it says by default. */
export interface Snapshot {
  readonly subjects: ReadonlyMap<Subject, SubjectHealth>;
  readonly overrides: readonly Override[];
  /** By rank: the first that sets a lane wins it. */
  readonly rules: readonly Rule[];
  /** Names the rules that decided; `null` when there are none. */
  readonly rulesVersion: string | null;
  readonly saturated: ReadonlySet<LaneName>;
  /** Named lanes that are there; left out: every one that is named. */
  readonly lanes?: OpenLanes;
  /** Groups of engines, where there are several: which of them has which handlers. */
  readonly groups?: KnownGroups;
  /** Subjects that take too many places of a lane here at the moment. */
  readonly crowding?: ReadonlySet<Subject>;
  /** Subjects whose health an operator has frozen; they count instead of what is observed. */
  readonly frozen?: ReadonlyMap<Subject, Frozen>;
}

export const EMPTY_SNAPSHOT: Snapshot = {
  subjects: new Map(),
  overrides: [],
  rules: [],
  rulesVersion: null,
  saturated: new Set(),
};
