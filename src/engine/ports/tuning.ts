/** How soon groups of engines are known to be there, and to be gone. */
export interface GroupTimes {
  /** How often an engine says that it is up and, where there are several groups, looks who else is. */
  readonly everyMs: number;
  /** How long it counts as being up without another word. */
  readonly upMs: number;
  /** How long work waits for a group whose engines are gone, before nobody has its handlers. */
  readonly rememberMs: number;
  /**
   * How long a dispatch has been due in the lane of a group that is gone, before it may be given to another. A message of a group's
   * lane that is nearly as old is looked up before it runs.
   */
  readonly oldMs: number;
}

/** Sizes and intervals of the engine's loops. Measured defaults; the sources are in docs/architecture.md. */
export interface Tuning {
  /** Transactions in flight at once. 2 on servers (1 or 3 were 5 % slower); 1 on SQLite, which has one writer. */
  readonly committers: number;
  /** Most events in one transaction. 400 doubled the median latency, 100 cost 17 % more CPU. */
  readonly batch: number;
  /** Most batches per committer whose publishes are not confirmed yet. */
  readonly unconfirmed: number;
  /** Unsettled deliveries per lane. */
  readonly prefetch: {
    readonly fast: number;
    readonly normal: number;
    readonly slow: number;
    readonly retry: number;
    readonly probe: number;
  };
  /** Unsettled start messages. */
  readonly startPrefetch: number;
  /** Dispatches that may lie ready in all lanes before starts are refused as busy. */
  readonly backlog: number;
  /** How often the sweep looks for lost dispatches. */
  readonly sweepEveryMs: number;
  /** How much older than the evidence a dispatch must be to count as lost. */
  readonly sweepGraceMs: number;
  /** Evidence is gathered, but nothing swept, this long after a (re)connect: what was in hand comes back first. */
  readonly sweepQuietMs: number;
  /** How often the database timer is asked for its next due row when nothing is known to be due. */
  readonly timerEveryMs: number;
  /** How often incidents without a handler are looked at again. */
  readonly healEveryMs: number;
  /** How often the audit looks at some of the instances; a round reads a few thousand rows at most. */
  readonly auditEveryMs: number;
  /** Deliveries in hand longer than this are marked, so that no sweep takes them for lost. */
  readonly holdMs: number;
  /** How often named lanes are looked after; one that no rule names is closed after six times that. */
  readonly laneEveryMs: number;
  /** How long a lease lasts without being renewed; it is renewed after a third of that. */
  readonly leaseMs: number;
  /** Most leased handlers that run at once in a process. */
  readonly leases: number;
  /** How often leases that have ended are looked for. */
  readonly leaseEveryMs: number;
  /** Whether the health of partners is watched, and what it does to circuits and lanes; left out: it is not. */
  readonly watchHealth?: boolean;
  /** Whether this process takes deliveries and repairs; left out: it does. Without, it stores starts and what people do. */
  readonly works?: boolean;
  /** The group of engines that it is of; left out: it is alone, and groups mean nothing to it. */
  readonly group?: string;
  /** Left out: as routing's policy says. */
  readonly groups?: GroupTimes;
  /** Whether it may be the one that judges the health of partners; left out: it may. */
  readonly maintains?: boolean;
  /** How long a stop waits for handlers, then how long after aborting them. */
  readonly drainMs: number;
  readonly abortMs: number;
}

/** For RabbitMQ and MySQL. */
export const SERVER_TUNING: Tuning = {
  committers: 2,
  batch: 200,
  unconfirmed: 4,
  // Enough that two full transactions, what waits for confirms and what is next are in hand: with 500 the batches were half
  // full, and a step cost a quarter more.
  prefetch: { fast: 500, normal: 1_000, slow: 64, retry: 32, probe: 4 },
  startPrefetch: 200,
  backlog: 100_000,
  sweepEveryMs: 15_000,
  sweepGraceMs: 30_000,
  sweepQuietMs: 30_000,
  timerEveryMs: 5_000,
  healEveryMs: 30_000,
  auditEveryMs: 300_000,
  holdMs: 10_000,
  laneEveryMs: 5_000,
  leaseMs: 60_000,
  leases: 100,
  leaseEveryMs: 15_000,
  drainMs: 25_000,
  abortMs: 3_000,
};

/**
 * For the embedded file: the in-process broker loses messages only when the process ends or a lane is full, so that
 * evidence needs no grace.
 */
export const EMBEDDED_TUNING: Tuning = {
  ...SERVER_TUNING,
  committers: 1,
  // As many as the in-process broker hands out in one turn: each transaction waits for the disk once.
  batch: 256,
  // A lane of the in-process broker holds 10,000.
  backlog: 9_000,
  sweepEveryMs: 2_000,
  sweepGraceMs: 0,
  sweepQuietMs: 0,
  timerEveryMs: 1_000,
  healEveryMs: 5_000,
  laneEveryMs: 1_000,
  leaseEveryMs: 5_000,
};

/** For an embedded file that a thread of its own writes: a transaction takes what gathers while the one before is written. */
export const THREADED_TUNING: Tuning = { ...EMBEDDED_TUNING, batch: 512 };
