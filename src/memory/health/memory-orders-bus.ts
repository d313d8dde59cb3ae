import { OrdersBus } from '../../engine/health/orders/orders-bus.js';
import type { Consumer } from '../../engine/ports/broker.js';

/** Nudges inside the process, for one engine or several. */
export class MemoryOrdersBus extends OrdersBus {
  readonly #heeding = new Set<{ readonly on: () => void }>();

  override async nudge(): Promise<void> {
    setImmediate(() => {
      for (const { on } of this.#heeding) on();
    });
  }

  override async heed(on: () => void): Promise<Consumer> {
    const one = { on };
    this.#heeding.add(one);
    setImmediate(on);
    return { stop: async () => void this.#heeding.delete(one) };
  }
}
