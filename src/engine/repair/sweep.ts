import { LANE_NAMES, LANES, type LaneName } from '../../core/routing/lane.js';
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

/**
 * Finds dispatches that the broker lost, by evidence: "older than a minute" cannot tell loss from backlog, and a stall
 * of two minutes once made 382,000 duplicates of 500,000. A row is lost when later ones of its lane have been
 * delivered, or its lane was seen empty after it was due. Without evidence nothing is swept.
 */
export class Sweep {
  constructor(
    private readonly store: Store,
    private readonly broker: Broker,
    private readonly republish: Republish,
    private readonly watermarks: Watermarks,
    private readonly inHand: InHand,
    private readonly clock: Clock,
    private readonly tally: Tally,
    private readonly tuning: Pick<Tuning, 'sweepGraceMs' | 'sweepQuietMs'>,
    private readonly checkpoint: Checkpoint,
  ) {}

  async execute(): Promise<void> {
    const { ready, blocked, since } = this.broker.state();
    if (!ready || blocked || this.clock.now() - since < this.tuning.sweepQuietMs) return;
    const now = await this.store.now();
    for (const lane of LANE_NAMES) await this.lane(lane, now);
  }

  private async lane(lane: LaneName, now: number): Promise<void> {
    const depth = await this.broker.depth(lane);
    const watermark = this.watermarks.of(lane, depth === 0 ? now : null);
    const before = Math.min(watermark, now) - this.tuning.sweepGraceMs;
    for (;;) {
      const lost = await this.store.claimLost(LANES[lane], before, PAGE);
      // What this process works on is not lost, however old; the claim has marked it as present.
      const missing = lost.filter(({ instance, node: { node, visit } }) => !this.inHand.has({ instance, node, visit }));
      this.tally.count('swept', missing.length);
      if (missing.length > 0) {
        this.checkpoint.reach('sweep.claimed');
        await this.republish.due(missing);
      }
      if (lost.length < PAGE || !this.broker.state().ready) return;
    }
  }
}
