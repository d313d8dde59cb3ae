import type { Json } from '../../core/json.js';
import type { Broker, OutgoingDispatch } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Tally } from '../tally.js';
import { pause } from '../while-away.js';

/** What the outside is told. */
export interface News {
  readonly id: string;
  readonly routingKey: string;
  readonly body: Json;
}

/** Waits before sending again what the broker did not take, in milliseconds. After the last, the sweep has it. */
const AGAIN_MS = [200, 1_000];

/**
 * Sends what is committed. There is no mark for it: a row that is ready is its own outbox, so whatever the broker does
 * not take now is found by the sweep.
 */
export class Outbox {
  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly tally: Tally,
  ) {}

  /** Resolves when the broker has everything, or has refused often enough. Never rejects. */
  async send(dispatches: readonly OutgoingDispatch[], news: readonly News[] = []): Promise<void> {
    const told = news.length > 0 ? this.broker.announce(news) : Promise.resolve([]);
    let rest = dispatches;
    for (let tries = 0; rest.length > 0; tries++) {
      const taken = await this.broker.publish(rest);
      const refused = rest.filter((_, at) => !taken[at]);
      this.tally.count('dispatch.published', rest.length - refused.length);
      rest = refused;
      if (rest.length === 0) break;
      this.tally.count('dispatch.refused', rest.length);
      const waitMs = AGAIN_MS[tries];
      if (waitMs === undefined) {
        this.log.warn('The broker did not take some dispatches; the sweep will send them again.', {
          dispatches: rest.length,
        });
        break;
      }
      await pause(this.clock, waitMs);
    }
    await told;
  }
}
