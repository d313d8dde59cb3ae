import type { LaneName } from '../../core/routing/lane.js';

/**
 * Up to when each lane is known to have delivered: the largest due time among fresh deliveries. What was due before it
 * and has not come is lost; what is due later may simply lie in a backlog.
 */
export class Watermarks {
  private readonly seen = new Map<LaneName, number>();
  /** How far each lane was at the last sweeps, the oldest first. */
  private readonly notes = new Map<LaneName, { readonly at: number; readonly mark: number }[]>();

  /** A redelivery says nothing: it was out of order already. */
  saw(lane: LaneName, wakeAt: number): void {
    if (wakeAt > (this.seen.get(lane) ?? 0)) this.seen.set(lane, wakeAt);
  }

  /** @param emptyAt database time read before the lane was seen empty, or `null` when it was not. */
  of(lane: LaneName, emptyAt: number | null): number {
    return Math.max(this.seen.get(lane) ?? 0, emptyAt ?? 0);
  }

  /** After a reconnect: what was in hand lies in its lane again, before all that was seen to come. */
  forget(): void {
    this.seen.clear();
    this.notes.clear();
  }

  /**
   * Notes how far a lane is, and answers how far it was `ageMs` ago; 0 when nothing is that old. What came off a lane
   * just now may have been due for long and be in other hands that have not marked it as present yet.
   */
  settled(lane: LaneName, now: number, emptyAt: number | null, ageMs: number): number {
    const notes = this.notes.get(lane) ?? [];
    this.notes.set(lane, notes);
    notes.push({ at: now, mark: this.of(lane, emptyAt) });
    while (notes[1] && notes[1].at <= now - ageMs) notes.shift();
    return notes[0] && notes[0].at <= now - ageMs ? notes[0].mark : 0;
  }
}
