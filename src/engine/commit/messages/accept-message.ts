import type { Refuse } from '../../intake/refuse.js';
import type { MessageDelivery } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import { readBody } from '../../start/read-start.js';
import { pause, whileAway } from '../../while-away.js';
import type { SendMessage } from './send-message.js';

/** How long a message waits while the lanes are full. */
const BUSY_MS = 1_000;

/** A message from the broker is kept for who waits for it, or goes to the quarantine with the reason. */
export class AcceptMessage {
  constructor(
    private readonly send: SendMessage,
    private readonly refuse: Refuse,
    private readonly clock: Clock,
    private readonly newId: () => string,
  ) {}

  async execute(delivery: MessageDelivery): Promise<void> {
    const read = readBody(delivery);
    if (!read.ok) return this.refuse.start(delivery, read.error.code, read.error.message, 'message');
    // Without a message id the sender cannot repeat it, but this engine can: after a commit whose answer was lost.
    const id = delivery.messageId ?? `once:${this.newId()}`;
    const command = { name: delivery.routingKey, payload: read.value, id };
    try {
      let answer = await whileAway(this.clock, () => this.send.execute(command));
      while (!answer.ok && answer.error.code === 'BUSY') {
        await pause(this.clock, BUSY_MS);
        answer = await whileAway(this.clock, () => this.send.execute(command));
      }
      if (answer.ok) return delivery.ack();
      await this.refuse.start(delivery, answer.error.code, answer.error.message, 'message');
    } catch (fault) {
      const why = String(fault).slice(0, 500);
      const reason = `Expected the message to be storable, but it was not: ${why}`;
      await this.refuse.start(delivery, 'NOT_STORABLE', reason, 'message');
    }
  }
}
