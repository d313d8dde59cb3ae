import type { ChannelModel } from 'amqplib';
import type { Log } from '../../engine/ports/log.js';
import { CLOSE_TIMEOUT_MS, Link, type LinkListener, unrefPause } from '../link.js';
import { QueueConsumer, type Wanted } from './queue-consumer.js';

/** The connection that consumes, with one channel for each consumer. */
export class ConsumeSide implements LinkListener {
  readonly #link: Link;
  readonly #consumers = new Set<QueueConsumer>();
  #ready = false;

  constructor(
    url: string,
    private readonly declare: () => Promise<void>,
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
    await Promise.all([...this.#consumers].map((consumer) => consumer.attach()));
    this.changed();
  }

  down(): void {
    this.#ready = false;
    this.changed();
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
