import type { LaneName } from '../../../core/routing/lane.js';
import { POLICY } from '../../../core/routing/policy.js';
import type { OutgoingEvent } from '../../ports/broker.js';

/** How a lane does: since when its earliest dispatch is due; `null`: none is. Database time. */
export interface LaneWait {
  readonly lane: LaneName;
  readonly dueAt: number | null;
}

/** Which lanes the outside was told of: once that one is late, and once that it has caught up. */
export class LaneNews {
  private readonly late = new Map<LaneName, number>();

  /** What is to be told of lanes as they were just seen. A lane that is there no more is told of no more. */
  of(lanes: readonly LaneWait[], now: number): readonly OutgoingEvent[] {
    const { laneLateMs, laneWellMs } = POLICY.alert;
    const news: OutgoingEvent[] = [];
    for (const { lane, dueAt } of lanes) {
      const waitsMs = dueAt === null ? 0 : Math.max(0, now - dueAt);
      const since = this.late.get(lane);
      if (since === undefined && dueAt !== null && waitsMs >= laneLateMs) {
        this.late.set(lane, dueAt);
        const body = { lane, since: iso(dueAt), oldestMs: waitsMs };
        news.push({ id: `lane:${lane}:late:${dueAt}`, routingKey: `lane.late.${lane}`, body });
      } else if (since !== undefined && waitsMs < laneWellMs) {
        this.late.delete(lane);
        const body = { lane, since: iso(since), caughtUpAt: iso(now) };
        news.push({ id: `lane:${lane}:well:${since}`, routingKey: `lane.caught-up.${lane}`, body });
      }
    }
    const there = new Set(lanes.map(({ lane }) => lane));
    for (const lane of this.late.keys()) if (!there.has(lane)) this.late.delete(lane);
    return news;
  }

  /** Somebody else tells now. */
  forget(): void {
    this.late.clear();
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
