import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';
import type { Consumer } from '../../engine/ports/broker.js';
import type { Log } from '../../engine/ports/log.js';
import { pauseMs, unrefPause } from '../link.js';
import { AckStream } from './ack-stream.js';

/** A quorum queue takes some thirty single acknowledgements at once; the others wait, and die with the channel. */
const SETTLE_MS = 50;

export interface Wanted {
  readonly queue: string;
  readonly prefetch: number;
  /** Whether nothing is lost that is nowhere else, should the queue have to be deleted. */
  readonly disposable: boolean;
  readonly on: (message: ConsumeMessage, acks: AckStream) => void;
  /** Declares a queue of this connection alone, and answers its name; without it `queue` is consumed. */
  readonly own?: (channel: Channel) => Promise<string>;
}

export interface Surroundings {
  /** The connection of now; `null` while there is none. */
  readonly connection: () => ChannelModel | null;
  /** Declares everything anew. */
  readonly declare: () => Promise<void>;
  readonly log: Log;
  /** Told once it has stopped and nothing of it is in hand. */
  readonly ended: (consumer: QueueConsumer) => void;
}

interface Attached {
  readonly channel: Channel;
  readonly acks: AckStream;
  readonly tag: string;
}

/** One consumer on a channel of its own, which outlives channels, connections and even its queue. */
export class QueueConsumer implements Consumer {
  #attached: Attached | null = null;
  #attaching: Promise<void> | null = null;
  #stopped = false;
  #failures = 0;
  #again: NodeJS.Timeout | null = null;
  #unanswered = false;
  #restsUntil = 0;

  constructor(
    readonly wanted: Wanted,
    private readonly around: Surroundings,
  ) {}

  /** Whether it has asked to consume, on the connection of now or the last one, and got no answer. */
  get unanswered(): boolean {
    return this.#unanswered;
  }

  forgetAnswer(): void {
    this.#unanswered = false;
  }

  /** Asks for nothing for so long, then begins again by itself. */
  rest(forMs: number): void {
    this.#restsUntil = performance.now() + forMs;
    setTimeout(() => void this.attach(), forMs).unref();
  }

  /** Begins to consume if there is a connection and it does not yet. Never rejects; it tries again by itself. */
  attach(): Promise<void> {
    this.#attaching ??= this.#attach().finally(() => {
      this.#attaching = null;
    });
    return this.#attaching;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    if (this.#again) clearTimeout(this.#again);
    await this.#attaching;
    const attached = this.#attached;
    if (!attached) return this.around.ended(this);
    await attached.channel.cancel(attached.tag).catch(() => {});
    // The channel stays for what is in hand.
    if (attached.acks.inHand === 0) this.#detach(attached);
  }

  /**
   * Sends what has been acknowledged and gives back the rest. A connection that is closed right away overtakes its
   * own acknowledgements, so the channel is closed first.
   */
  async close(): Promise<void> {
    this.#stopped = true;
    if (this.#again) clearTimeout(this.#again);
    const attached = this.#attached;
    this.#attached = null;
    if (!attached) return;
    attached.acks.flushAll();
    await unrefPause(SETTLE_MS);
    await attached.channel.close().catch(() => {});
  }

  async #attach(): Promise<void> {
    const connection = this.around.connection();
    if (!connection || this.#attached || this.#stopped || performance.now() < this.#restsUntil) return;
    try {
      await this.#consume(connection);
      this.#failures = 0;
    } catch (error) {
      // Without any connection it waits for the next one, which calls `attach`.
      if (this.#stopped || !this.around.connection()) return;
      this.#failures += 1;
      const reason = (error as Error).message;
      this.around.log.warn(`Cannot consume '${this.wanted.queue}' yet; trying again.`, { reason });
      this.#retry(true);
    }
  }

  async #consume(connection: ChannelModel): Promise<void> {
    const { prefetch, on, own } = this.wanted;
    const channel = await connection.createChannel();
    let { queue } = this.wanted;
    const acks: AckStream = new AckStream(channel, () => {
      if (this.#stopped && this.#attached?.acks === acks) this.#detach(this.#attached);
    });
    channel.on('error', (error) => {
      this.around.log.warn(`The broker closed the channel of '${queue}'.`, { reason: error.message });
    });
    channel.on('handler-error', (error) => {
      this.around.log.error(`A consumer of '${queue}' threw.`, { reason: error.message });
    });
    let closed = false;
    channel.on('close', () => {
      closed = true;
      acks.die();
      if (this.#attached?.acks !== acks) return;
      this.#attached = null;
      if (this.#stopped) this.around.ended(this);
      else this.#retry(false);
    });
    await channel.prefetch(prefetch);
    if (own) queue = await own(channel);
    this.#unanswered = true;
    const { consumerTag } = await channel.consume(queue, (message) => {
      if (message === null) return this.#cancelled(acks);
      acks.received(message.fields.deliveryTag);
      on(message, acks);
    });
    this.#unanswered = false;
    // The answer and the end of the connection may come in one piece: then the end was heard first.
    if (closed) throw new Error(`Expected to consume '${queue}', but the channel was closed with the answer.`);
    this.#attached = { channel, acks, tag: consumerTag };
  }

  /** The broker took the consumer away: its queue was deleted, or moved to another node. */
  #cancelled(acks: AckStream): void {
    if (this.#stopped || this.#attached?.acks !== acks) return;
    this.around.log.warn(`The broker cancelled the consumer of '${this.wanted.queue}'; declaring it anew.`);
    this.#detach(this.#attached);
    this.#retry(true);
  }

  #detach(attached: Attached): void {
    this.#attached = null;
    attached.acks.flushAll();
    attached.channel.close().catch(() => {});
    if (this.#stopped) this.around.ended(this);
  }

  #retry(declareFirst: boolean): void {
    if (this.#stopped || this.#again) return;
    this.#again = setTimeout(() => {
      this.#again = null;
      void this.#attachAnew(declareFirst);
    }, pauseMs(this.#failures));
  }

  async #attachAnew(declareFirst: boolean): Promise<void> {
    if (declareFirst && this.around.connection()) {
      await this.around.declare().catch((error: Error) => {
        this.around.log.warn('Could not declare the topology anew.', { reason: error.message });
      });
    }
    await this.#attaching;
    await this.attach();
  }
}
