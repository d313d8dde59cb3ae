import { nodeInstanceId } from '../../core/flow/instance.js';
import type { Clock } from '../ports/clock.js';
import type { NodeKey } from '../ports/store.js';

/** The node instances that this process has in hand: prefetched, running, or not committed yet. */
export class InHand {
  private readonly since = new Map<string, { key: NodeKey; at: number }>();

  constructor(private readonly clock: Clock) {}

  get size(): number {
    return this.since.size;
  }

  has({ instance, node, visit }: NodeKey): boolean {
    return this.since.has(nodeInstanceId(instance, node, visit));
  }

  add(key: NodeKey): void {
    this.since.set(nodeInstanceId(key.instance, key.node, key.visit), { key, at: this.clock.now() });
  }

  remove({ instance, node, visit }: NodeKey): void {
    this.since.delete(nodeInstanceId(instance, node, visit));
  }

  /** Those in hand for at least `ms`. */
  longerThan(ms: number): readonly NodeKey[] {
    const before = this.clock.now() - ms;
    return [...this.since.values()].filter(({ at }) => at <= before).map(({ key }) => key);
  }
}
