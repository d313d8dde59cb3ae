import { nodeInstanceId } from '../../core/flow/instance.js';
import type { LaneName } from '../../core/routing/lane.js';
import type { Delivery, DispatchMessage } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { NodeKey, Store } from '../ports/store.js';

/** A dispatch in hand: the delivery that is worked on, then copies of it that came meanwhile. Settling it settles all. */
class Held implements Delivery {
  readonly message: DispatchMessage;
  /** None once it is settled. */
  copies: Delivery[];

  constructor(
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
    for (const one of this.settled()) one.ack();
  }

  release(): void {
    for (const one of this.settled()) one.release();
  }

  isOf({ attempt, dispatch }: DispatchMessage): boolean {
    return this.message.dispatch === dispatch && this.message.attempt === attempt;
  }

  private settled(): readonly Delivery[] {
    const { copies } = this;
    this.copies = NONE;
    return copies;
  }
}

/** Nothing is added to what is settled. */
const NONE: Delivery[] = [];

/** The dispatches that this process has in hand: prefetched, running, or not committed yet. */
export class InHand {
  /** By node instance: an old dispatch that comes again is beside the current one. */
  private readonly held = new Map<string, Held[]>();
  private count = 0;

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.count;
  }

  has({ instance, node, visit }: NodeKey): boolean {
    return this.held.has(nodeInstanceId(instance, node, visit));
  }

  /**
   * Takes a delivery in hand and gives it back as one that settles its copies too; `null` when the same dispatch is in
   * hand already. After a reconnect the broker repeats what this process still works on: the copy must neither run the
   * handler beside itself nor be acknowledged before the work is stored.
   */
  take(delivery: Delivery): InHandDelivery | null {
    const { message } = delivery;
    const nodeId = nodeInstanceId(message.instance, message.node, message.visit);
    const beside = this.held.get(nodeId);
    const held = beside?.find((one) => one.isOf(message));
    if (held && held.copies.length > 0) {
      held.copies.push(delivery);
      return null;
    }
    const taken = new Held(nodeId, this.clock.now(), delivery);
    if (!beside) this.held.set(nodeId, [taken]);
    // Settled, but the work on it has not ended: the new one takes its place.
    else if (held) beside[beside.indexOf(held)] = taken;
    else beside.push(taken);
    if (!held) this.count++;
    return taken;
  }

  /** The work on it has ended. A copy that came and was never settled goes back, to be judged by its row. */
  drop(taken: InHandDelivery): void {
    const { nodeId } = taken;
    const beside = this.held.get(nodeId);
    const at = beside ? beside.indexOf(taken as Held) : -1;
    // Settled, and the same dispatch was taken again before this: it is that one's turn to go.
    if (!beside || at < 0) return;
    if (beside.length === 1) this.held.delete(nodeId);
    else beside.splice(at, 1);
    this.count--;
    taken.release();
  }

  /** How many of a lane. */
  ofLane(lane: LaneName): number {
    let count = 0;
    for (const { message } of this.all()) count += Number(message.lane === lane);
    return count;
  }

  /** Those in hand for at least `ms`. */
  longerThan(ms: number): readonly NodeKey[] {
    const before = this.clock.now() - ms;
    return this.all()
      .filter(({ at, copies }) => at <= before && copies.length > 0)
      .map(({ message }) => message);
  }

  /** What is held for long is marked as present, so that no sweep of another engine takes it for lost. */
  async hold(store: Pick<Store, 'touch'>, ms: number): Promise<void> {
    const held = this.longerThan(ms);
    if (held.length > 0) await store.touch(held);
  }

  private all(): readonly Held[] {
    return [...this.held.values()].flat();
  }
}

/** A delivery in hand. */
export type InHandDelivery = Delivery & Pick<Held, 'nodeId'>;
