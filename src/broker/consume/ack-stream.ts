import type { Channel, Message } from 'amqplib';

/** How long an acknowledgement may wait for an earlier delivery before it is sent by itself. */
const LONGEST_WAIT_MS = 20;

/**
 * The acknowledgements of one channel, gathered: once per turn of the event loop, one frame takes everything up to
 * the first delivery that is still in hand. What a slow delivery holds up is sent one by one a little later.
 *
 * It belongs to one channel and dies with it. A delivery tag means another message on the next channel, so a late
 * acknowledgement must go nowhere.
 */
export class AckStream {
  /** Tags in hand, in the order of their arrival, which is ascending. */
  readonly #inHand = new Set<number>();
  #done: number[] = [];
  #flushAsked = false;
  #single: NodeJS.Timeout | null = null;
  #dead = false;

  /** @param emptied called when nothing is in hand any more */
  constructor(
    private readonly channel: Pick<Channel, 'ack' | 'nack'>,
    private readonly emptied: () => void = () => {},
  ) {}

  get inHand(): number {
    return this.#inHand.size;
  }

  received(tag: number): void {
    this.#inHand.add(tag);
  }

  ack(tag: number): void {
    if (!this.#settle(tag)) return;
    this.#done.push(tag);
    if (this.#flushAsked) return;
    this.#flushAsked = true;
    setImmediate(() => {
      this.#flushAsked = false;
      this.flush();
    });
  }

  /** Back into the queue at once. */
  release(tag: number): void {
    if (!this.#settle(tag)) return;
    this.#send(() => this.channel.nack(messageOf(tag), false, true));
    this.#tellWhenEmpty();
  }

  /** Back to the broker for good: it moves the message to the dead. */
  refuse(tag: number): void {
    if (!this.#settle(tag)) return;
    this.#send(() => this.channel.nack(messageOf(tag), false, false));
    this.#tellWhenEmpty();
  }

  /** Sends what can go as one; what cannot gets its timer. */
  flush(): void {
    if (this.#done.length === 0 || this.#dead) return;
    const first = this.#inHand.values().next();
    const limit = first.done ? Number.POSITIVE_INFINITY : first.value;
    // The tag that is named must itself be open at the broker, and those in `#done` are.
    let last = 0;
    const waiting: number[] = [];
    for (const tag of this.#done) {
      if (tag > limit) waiting.push(tag);
      else if (tag > last) last = tag;
    }
    this.#done = waiting;
    if (last > 0) this.#send(() => this.channel.ack(messageOf(last), true));
    if (waiting.length > 0) this.#single ??= setTimeout(() => this.flushAll(), LONGEST_WAIT_MS);
    this.#tellWhenEmpty();
  }

  /** Sends everything now, one by one where it must be. */
  flushAll(): void {
    this.flush();
    const late = this.#done;
    this.#done = [];
    if (this.#single) clearTimeout(this.#single);
    this.#single = null;
    for (const tag of late) this.#send(() => this.channel.ack(messageOf(tag), false));
  }

  /** The channel is gone: whatever comes now goes nowhere. */
  die(): void {
    this.#dead = true;
    this.#inHand.clear();
    this.#done = [];
    if (this.#single) clearTimeout(this.#single);
  }

  #settle(tag: number): boolean {
    return !this.#dead && this.#inHand.delete(tag);
  }

  #tellWhenEmpty(): void {
    if (this.#inHand.size === 0 && this.#done.length === 0) this.emptied();
  }

  /** Between the end of a channel and the news of it, sending throws; the broker delivers again by itself. */
  #send(action: () => void): void {
    try {
      action();
    } catch {
      this.die();
    }
  }
}

/** All that amqplib reads of a message to settle it. */
const messageOf = (deliveryTag: number): Message => ({ fields: { deliveryTag } }) as Message;
