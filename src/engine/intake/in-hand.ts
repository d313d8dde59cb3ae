import { nodeInstanceId } from '../../core/flow/instance.js';
import type { LaneName } from '../../core/routing/lane.js';
import type { Delivery, DispatchMessage } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { NodeKey, Store } from '../ports/store.js';

/** A dispatch in hand: the delivery that is worked on, then copies of it that came meanwhile. Settling it settles all. */
class Held implements Delivery {
  readonly message: DispatchMessage;
  readonly copies: Delivery[];

  constructor(
    /** The dispatch. */
    readonly id: string,
    /** Its node instance. */
    readonly nodeId: string,
    readonly at: number,
    first: Delivery,
  ) {
    this.message = first.message;
    this.copies = [first];
  }

  get redelivered(): boolean {
    return this.copies.some(({ redelivered }) => redelivered);
  }

  get deliveries(): number {
    return Math.max(0, ...this.copies.map(({ deliveries = 0 }) => deliveries));
  }

  ack(): void {
    for (const one of this.copies.splice(0)) one.ack();
  }

  release(): void {
    for (const one of this.copies.splice(0)) one.release();
  }
}

/** The dispatches that this process has in hand: prefetched, running, or not committed yet. */
export class InHand {
  private readonly held = new Map<string, Held>();
  /** How many of them are of a node instance: an old dispatch that comes again is beside the current one. */
  private readonly counts = new Map<string, number>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.held.size;
  }

  has({ instance, node, visit }: NodeKey): boolean {
    return this.counts.has(nodeInstanceId(instance, node, visit));
  }

  /**
   * Takes a delivery in hand and gives it back as one that settles its copies too; `null` when the same dispatch is in
   * hand already. After a reconnect the broker repeats what this process still works on: the copy must neither run the
   * handler beside itself nor be acknowledged before the work is stored.
   */
  take(delivery: Delivery): InHandDelivery | null {
    const { instance, node, visit, attempt, dispatch } = delivery.message;
    const nodeId = nodeInstanceId(instance, node, visit);
    const id = `${nodeId} ${attempt} ${dispatch}`;
    const held = this.held.get(id);
    if (held && held.copies.length > 0) {
      held.copies.push(delivery);
      return null;
    }
    if (!held) this.count(nodeId, 1);
    const taken = new Held(id, nodeId, this.clock.now(), delivery);
    this.held.set(id, taken);
    return taken;
  }

  /** The work on it has ended. A copy that came and was never settled goes back, to be judged by its row. */
  drop(taken: InHandDelivery): void {
    const { id, nodeId } = taken;
    // Settled, and the same dispatch was taken again before this: it is that one's turn to go.
    if (this.held.get(id) !== taken) return;
    this.held.delete(id);
    this.count(nodeId, -1);
    taken.release();
  }

  /** How many of a lane. */
  ofLane(lane: LaneName): number {
    let count = 0;
    for (const { message } of this.held.values()) count += Number(message.lane === lane);
    return count;
  }

  /** Those in hand for at least `ms`. */
  longerThan(ms: number): readonly NodeKey[] {
    const before = this.clock.now() - ms;
    return [...this.held.values()]
      .filter(({ at, copies }) => at <= before && copies.length > 0)
      .map(({ message }) => message);
  }

  /** What is held for long is marked as present, so that no sweep of another engine takes it for lost. */
  async hold(store: Pick<Store, 'touch'>, ms: number): Promise<void> {
    const held = this.longerThan(ms);
    if (held.length > 0) await store.touch(held);
  }

  private count(nodeId: string, by: number): void {
    const count = (this.counts.get(nodeId) ?? 0) + by;
    if (count > 0) this.counts.set(nodeId, count);
    else this.counts.delete(nodeId);
  }
}

/** A delivery in hand. */
export type InHandDelivery = Delivery & Pick<Held, 'id' | 'nodeId'>;
