import { nodeInstanceId } from '../../core/flow/instance.js';
import type { Delivery } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { NodeKey } from '../ports/store.js';

interface Held {
  readonly at: number;
  /** The delivery that is worked on, then copies of it that came meanwhile. */
  readonly deliveries: Delivery[];
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
  take(delivery: Delivery): Delivery | null {
    const id = idOf(delivery);
    const held = this.held.get(id);
    if (held && held.deliveries.length > 0) {
      held.deliveries.push(delivery);
      return null;
    }
    if (!held) this.count(delivery, 1);
    const deliveries = [delivery];
    this.held.set(id, { at: this.clock.now(), deliveries });
    const each = (settle: (one: Delivery) => void): void => deliveries.splice(0).forEach(settle);
    return {
      message: delivery.message,
      get redelivered() {
        return deliveries.some(({ redelivered }) => redelivered);
      },
      get deliveries() {
        return Math.max(0, ...deliveries.map(({ deliveries: count = 0 }) => count));
      },
      ack: () => each((one) => one.ack()),
      release: () => each((one) => one.release()),
    };
  }

  /** The work on it has ended. A copy that came after it was settled goes back, to be judged by its row. */
  drop({ message }: Delivery): void {
    const id = idOf({ message });
    const held = this.held.get(id);
    if (!held || (held.deliveries[0] && held.deliveries[0].message !== message)) return;
    this.held.delete(id);
    this.count({ message }, -1);
    for (const late of held.deliveries) late.release();
  }

  /** Those in hand for at least `ms`. */
  longerThan(ms: number): readonly NodeKey[] {
    const before = this.clock.now() - ms;
    return [...this.held.values()]
      .filter(({ at }) => at <= before)
      .flatMap(({ deliveries }) => deliveries.slice(0, 1).map(({ message }) => message));
  }

  private count(delivery: Pick<Delivery, 'message'>, by: number): void {
    const node = nodeOf(delivery);
    const count = (this.counts.get(node) ?? 0) + by;
    if (count > 0) this.counts.set(node, count);
    else this.counts.delete(node);
  }
}

const nodeOf = ({ message: { instance, node, visit } }: Pick<Delivery, 'message'>): string =>
  nodeInstanceId(instance, node, visit);

const idOf = (delivery: Pick<Delivery, 'message'>): string =>
  `${nodeOf(delivery)} ${delivery.message.attempt} ${delivery.message.dispatch}`;
