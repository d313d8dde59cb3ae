import { GiveAway, type GiveAwayParts } from '../health/groups/give-away.js';
import type { KeepLanes, LaneQueue } from '../health/lanes/keep-lanes.js';
import type { Router } from '../health/router.js';
import type { DatabaseClock } from '../intake/database-clock.js';
import type { InHand } from '../intake/in-hand.js';
import type { Broker } from '../ports/broker.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Clock } from '../ports/clock.js';
import type { Store } from '../ports/store.js';
import type { Tuning } from '../ports/tuning.js';
import type { Tally } from '../tally.js';
import type { Republish } from './republish.js';
import type { Watermarks } from './watermarks.js';

/** Most dispatches claimed by one statement. */
const PAGE = 500;

export interface SweepParts extends GiveAwayParts {
  readonly store: Store;
  readonly broker: Broker;
  readonly republish: Republish;
  readonly router: Pick<Router, 'saw' | 'snapshot'>;
  readonly lanes: Pick<KeepLanes, 'all' | 'groups'>;
  readonly watermarks: Watermarks;
  readonly inHand: InHand;
  readonly databaseClock: DatabaseClock;
  readonly clock: Clock;
  readonly tally: Tally;
  readonly tuning: Pick<Tuning, 'sweepGraceMs' | 'sweepQuietMs'>;
  readonly checkpoint: Checkpoint;
}

/**
 * Finds dispatches that the broker lost, by evidence: "older than a minute" cannot tell loss from backlog, and a stall
 * of two minutes once made 382,000 duplicates of 500,000. A row is lost when later ones of its lane have been
 * delivered, or its lane was seen empty after it was due. Without evidence nothing is swept.
 */
export class Sweep {
  /** Of which connection the evidence is. */
  private since: number | null = null;

  private readonly giveAway: GiveAway;

  constructor(private readonly parts: SweepParts) {
    this.giveAway = new GiveAway(parts);
  }

  async execute(): Promise<void> {
    const { ready, blocked, since } = this.parts.broker.state();
    if (!ready || blocked) return;
    if (since !== this.since) this.parts.watermarks.forget();
    this.since = since;
    const quiet = this.parts.clock.now() - since < this.parts.tuning.sweepQuietMs;
    const lanes = this.parts.lanes.all;
    // Its time is from before any lane is asked how much lies in it: what is sent later may be in a lane that was seen empty.
    const earliest = await this.parts.store.earliest(lanes.map(({ number }) => number));
    const { now } = earliest;
    this.parts.databaseClock.read(now);
    for (const queue of lanes) {
      const wakeAt = earliest.get(queue.number);
      if (wakeAt !== undefined && wakeAt < now) await this.lane(queue, now, wakeAt, quiet);
      // Nothing in it is late, so it is not full either.
      else this.parts.router.saw(queue.lane, 0);
    }
    await this.giveAway.execute();
  }

  /** @param quiet evidence is gathered, but nothing is claimed yet. */
  private async lane({ lane, number }: LaneQueue, now: number, earliest: number, quiet: boolean): Promise<void> {
    const { sweepGraceMs } = this.parts.tuning;
    const depth = await this.parts.broker.depth(lane);
    if (depth !== null) this.parts.router.saw(lane, depth);
    // Evidence counts once it is a grace old. By then whoever took what lies before it has marked it as present: the
    // tail of a long backlog has been due for long when it is taken, and looks lost to all but its holder.
    const watermark = this.parts.watermarks.settled(lane, now, depth === 0 ? now : null, sweepGraceMs);
    const before = Math.min(watermark, now - sweepGraceMs);
    if (quiet || earliest >= before) return;
    for (;;) {
      const lost = await this.parts.store.claimLost(number, before, PAGE);
      // What this process works on is not lost, however old; the claim has marked it as present.
      const missing = lost.filter(
        ({ instance, node: { node, visit } }) => !this.parts.inHand.has({ instance, node, visit }),
      );
      this.parts.tally.count('swept', missing.length);
      if (missing.length > 0) {
        this.parts.checkpoint.reach('sweep.claimed');
        await this.parts.republish.due(missing);
      }
      if (lost.length < PAGE || !this.parts.broker.state().ready) return;
    }
  }
}
