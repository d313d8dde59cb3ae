import type { GroupReport } from '../../core/routing/health/groups.js';
import type { LaneName } from '../../core/routing/lane.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { KeepLanes } from '../health/lanes/keep-lanes.js';
import type { InHand } from '../intake/in-hand.js';
import type { Leases } from '../intake/leases.js';
import type { Broker, BrokerState } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { Store } from '../ports/store.js';
import type { Tally } from '../tally.js';
import type { Loop, LoopState } from './loop.js';
import type { Watermarks } from './watermarks.js';

/** How long the database may take to take a write. */
const PING_MS = 2_000;

export interface LaneReport {
  readonly lane: LaneName;
  /** Up to when it is known to have delivered: database time; `null` when nothing has come since the start. */
  readonly watermark: number | null;
  /** Messages that lie ready; `null` when the broker cannot tell. */
  readonly depth: number | null;
}

export interface RepairReport {
  readonly loops: readonly LoopState[];
  readonly lanes: readonly LaneReport[];
  readonly inHand: number;
  /** Handlers that run under a lease of this engine. */
  readonly leases: number;
  /** Events that wait for their transaction. */
  readonly waitingCommits: number;
  /** Batches whose publishes the broker has not confirmed yet. */
  readonly unconfirmed: number;
  readonly broker: BrokerState;
  /** How long it took to take a write; `null`: it did not within two seconds. */
  readonly databaseMs: number | null;
  readonly counts: ReturnType<Tally['all']>;
}

export interface ReportRepairParts {
  readonly loops: readonly Loop[];
  readonly watermarks: Watermarks;
  readonly inHand: InHand;
  readonly leases: Pick<Leases, 'size'>;
  readonly commits: CommitEvents;
  readonly broker: Broker;
  readonly named: Pick<KeepLanes, 'all'> & Partial<Pick<KeepLanes, 'groups'>>;
  readonly store: Store;
  readonly clock: Clock;
  readonly tally: Tally;
}

/** What this engine's loops did, what they know, and what is under way. */
export class ReportRepair {
  constructor(private readonly parts: ReportRepairParts) {}

  async execute(): Promise<RepairReport> {
    const { loops, tally, broker } = this.parts;
    const [lanes, databaseMs] = await Promise.all([this.lanes(), this.databaseMs()]);
    return {
      loops: loops.map(({ state }) => state),
      lanes,
      ...this.underWay(),
      broker: broker.state(),
      databaseMs,
      counts: tally.all(),
    };
  }

  /** What needs no question to anybody. */
  underWay(): Pick<RepairReport, 'inHand' | 'leases' | 'waitingCommits' | 'unconfirmed'> {
    const { inHand, leases, commits } = this.parts;
    return {
      inHand: inHand.size,
      leases: leases.size,
      waitingCommits: commits.waiting,
      unconfirmed: commits.unconfirmed,
    };
  }

  /** Groups of engines, as this engine knows them; none while there is one. */
  groups(): readonly GroupReport[] {
    const { groups } = this.parts.named;
    return groups?.current.isDivided ? groups.report() : [];
  }

  lanes(): Promise<readonly LaneReport[]> {
    const { broker, watermarks, named } = this.parts;
    return Promise.all(
      named.all.map(async ({ lane }) => ({
        lane,
        watermark: watermarks.of(lane, null) || null,
        depth: await broker.depth(lane).catch(() => null),
      })),
    );
  }

  /** How long the database takes to take a write; `null`: it is read-only, away, or needs more than two seconds. */
  async databaseMs(): Promise<number | null> {
    const { store, clock } = this.parts;
    const askedAt = clock.now();
    let cancel = (): void => {};
    const late = new Promise<null>((wake) => (cancel = clock.schedule(PING_MS, () => wake(null))));
    const answered = store.writable().then(
      () => clock.now() - askedAt,
      () => null,
    );
    return Promise.race([answered, late]).finally(() => cancel());
  }
}
