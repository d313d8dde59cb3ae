import { graphOf } from '../../core/definition/graph.js';
import type { Refuse } from '../intake/refuse.js';
import type { StartDelivery } from '../ports/broker.js';
import type { Catalog } from '../ports/catalog.js';
import type { Clock } from '../ports/clock.js';
import type { Republish } from '../repair/republish.js';
import { pause, whileAway } from '../while-away.js';
import { readStart } from './read-start.js';
import type { Started, StartInstance } from './start-instance.js';

/** How long a start waits while the lanes are full. */
const BUSY_MS = 1_000;

/** A start message from the broker becomes an instance, or goes to the quarantine with the reason. Never requeued. */
export class AcceptStart {
  constructor(
    private readonly start: StartInstance,
    private readonly refuse: Refuse,
    private readonly clock: Clock,
    private readonly republish: Republish,
    private readonly catalog: Catalog,
    private readonly newId: () => string,
  ) {}

  async execute(delivery: StartDelivery): Promise<void> {
    const read = readStart(delivery);
    if (!read.ok) return this.refuse.start(delivery, read.error.code, read.error.message);
    // Without a message id the sender cannot repeat it, but this engine can: after a commit whose answer was lost.
    const command = { ...read.value, receipt: delivery.messageId ?? `once:${this.newId()}` };
    try {
      await whileAway(this.clock, async (tries) => {
        let outcome = await this.start.execute(command);
        // Kept in hand: with all of the prefetch waiting here, the rest of the flood waits in its queue.
        while (!outcome.ok && outcome.error.code === 'BUSY') {
          await pause(this.clock, BUSY_MS);
          outcome = await this.start.execute(command);
        }
        if (outcome.ok) await this.accepted(delivery, outcome.value, tries > 0);
        else await this.refuse.start(delivery, outcome.error.code, outcome.error.message);
      });
    } catch (fault) {
      const why = String(fault).slice(0, 500);
      await this.refuse.start(delivery, 'NOT_STORABLE', `Expected the start to be storable, but it was not: ${why}`);
    }
  }

  /**
   * Published before it is acknowledged: dying in between brings the message again. Then the instance is a duplicate,
   * and what its start dispatched is sent once more.
   */
  private async accepted(delivery: StartDelivery, started: Started, doubtful: boolean): Promise<void> {
    const { id, flow, version, duplicate, sent } = started;
    await sent;
    if (duplicate && (delivery.redelivered || doubtful)) {
      const definition = (await this.catalog.get(flow, version))?.definition;
      if (definition)
        await this.republish.successors({ instance: id, flow, version, node: graphOf(definition).start, visit: 1 });
    }
    delivery.ack();
  }
}
