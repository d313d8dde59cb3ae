import type { ChannelModel } from 'amqplib';
import type { Log } from '../../engine/ports/log.js';
import { CLOSE_TIMEOUT_MS, Link, type LinkListener, unrefPause } from '../link.js';
import { QueueConsumer, type Wanted } from './queue-consumer.js';

/** What RabbitMQ says when a part of itself has crashed: not about us, but about what we asked for. */
const BROKER_CRASHED = '541 (INTERNAL-ERROR)';
/** How long a queue is left alone that ends the connection of whoever consumes it. */
const LEFT_ALONE_MS = 30_000;

/**
 * The connection that consumes, with one channel for each consumer.
 *
 * RabbitMQ 3.10 may come back from a crash with a queue that has a name and no process, if it was declared a moment
 * before. Who consumes it loses the whole connection, and with it every lane. So consumers that were without an answer
 * when that happened begin one after another on the next connection; the one that ends it again is alone in this, and
 * its queue is made anew, or left alone where it may hold what is nowhere else.
 */
export class ConsumeSide implements LinkListener {
  readonly #link: Link;
  readonly #consumers = new Set<QueueConsumer>();
  #ready = false;
  #suspects: QueueConsumer[] = [];

  constructor(
    url: string,
    private readonly declare: () => Promise<void>,
    private readonly remake: (queue: string) => Promise<void>,
    private readonly log: Log,
    private readonly changed: () => void,
  ) {
    this.#link = new Link(url, 'consume', this, log);
  }

  get ready(): boolean {
    return this.#ready;
  }

  open(): void {
    this.#link.open();
  }

  async consume(wanted: Wanted): Promise<QueueConsumer> {
    const consumer = new QueueConsumer(wanted, {
      connection: () => (this.#ready ? this.#link.connection : null),
      declare: this.declare,
      log: this.log,
      ended: (ended) => void this.#consumers.delete(ended),
    });
    this.#consumers.add(consumer);
    await consumer.attach();
    return consumer;
  }

  async setUp(_connection: ChannelModel): Promise<void> {
    this.#ready = true;
    const suspects = this.#suspects;
    this.#suspects = [];
    const [only] = suspects;
    if (only && suspects.length === 1) await this.#heal(only);
    for (const consumer of this.#consumers) consumer.forgetAnswer();
    await Promise.all([...this.#consumers].filter((one) => !suspects.includes(one)).map((one) => one.attach()));
    for (const suspect of suspects) await suspect.attach();
    this.changed();
  }

  down(reason = ''): void {
    this.#ready = false;
    this.#suspects = reason.includes(BROKER_CRASHED) ? [...this.#consumers].filter((one) => one.unanswered) : [];
    this.changed();
  }

  async #heal(consumer: QueueConsumer): Promise<void> {
    const { queue, disposable } = consumer.wanted;
    if (!disposable) {
      this.log.error(`Expected '${queue}' to be consumable, but the broker crashes of it. Repair or delete it.`, {
        queue,
      });
      return consumer.rest(LEFT_ALONE_MS);
    }
    this.log.error(`Expected '${queue}' to be consumable, but the broker crashes of it. It is deleted and made anew.`, {
      queue,
    });
    await this.remake(queue).catch((error: Error) => {
      this.log.warn(`Could not make '${queue}' anew.`, { reason: error.message });
      consumer.rest(LEFT_ALONE_MS);
    });
  }

  /** Never: this connection publishes nothing. */
  blocked(): void {}

  async close(): Promise<void> {
    const closing = Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    await Promise.race([closing, unrefPause(CLOSE_TIMEOUT_MS)]);
    this.#consumers.clear();
    this.#ready = false;
    await this.#link.close();
    this.changed();
  }
}
