import { LANE_NAMES, type LaneName } from '../../core/routing/lane.js';

/**
 * Up to when each lane is known to have delivered: the largest due time among fresh deliveries. What was due before it
 * and has not come is lost; what is due later may simply lie in a backlog.
 */
export class Watermarks {
  private readonly seen = new Map<LaneName, number>(LANE_NAMES.map((lane) => [lane, 0]));

  /** A redelivery says nothing: it was out of order already. */
  saw(lane: LaneName, wakeAt: number): void {
    if (wakeAt > (this.seen.get(lane) as number)) this.seen.set(lane, wakeAt);
  }

  /** @param emptyAt database time read before the lane was seen empty, or `null` when it was not. */
  of(lane: LaneName, emptyAt: number | null): number {
    return Math.max(this.seen.get(lane) as number, emptyAt ?? 0);
  }
}
