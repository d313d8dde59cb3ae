import type { Writable } from 'node:stream';
import type { ConfirmChannel, Message, Options } from 'amqplib';
import { Frames, type Way } from './frames.js';

/** How long the broker may take to answer for a message. */
const PUBLISH_TIMEOUT_MS = 10_000;
/** Messages without an answer; above it, new ones are refused, as the database is the only buffer. */
const MOST_UNCONFIRMED = 20_000;

/** One call of `send`, until each of its messages has an answer. */
class Burst {
  readonly #answers: boolean[];
  #open: number;
  #done = false;
  readonly #timer: NodeJS.Timeout;

  constructor(
    size: number,
    private readonly resolve: (answers: readonly boolean[]) => void,
  ) {
    this.#answers = new Array<boolean>(size).fill(false);
    this.#open = size;
    this.#timer = setTimeout(() => this.end(), PUBLISH_TIMEOUT_MS);
  }

  settle(index: number, answer: boolean): void {
    if (this.#done) return;
    this.#answers[index] = answer;
    this.#open -= 1;
    if (this.#open === 0) this.end();
  }

  /** Answers now; what is open counts as unknown. */
  end(): void {
    if (this.#done) return;
    this.#done = true;
    clearTimeout(this.#timer);
    this.resolve(this.#answers);
  }
}

/** Puts one message of a burst on the channel; not to be kept. */
export interface Puts {
  /** One with properties of its own. */
  put(exchange: string, routingKey: string, content: Buffer, options: Headed): void;
  /** One of JSON that has an id alone. */
  putText(way: Way, id: string, text: string): void;
}

export type Headed = Options.Publish & { messageId: string };
type Answered = (error: unknown) => void;

/**
 * One confirm channel, used as a stream: messages go out as they come, answers come back as they may. A message that
 * is returned is told apart by its id, since the broker confirms it too.
 */
export class PublishStream {
  readonly #returned = new Map<string, number>();
  readonly #bursts = new Set<Burst>();
  #unconfirmed = 0;
  #corked = false;
  readonly #frames: Frames | null;

  /** @param onReturned called for each message that no queue wanted */
  constructor(
    private readonly channel: ConfirmChannel,
    onReturned: () => void,
  ) {
    this.#frames = Frames.over(channel);
    channel.on('return', ({ properties }: Message) => {
      const id = String(properties.messageId);
      this.#returned.set(id, (this.#returned.get(id) ?? 0) + 1);
      onReturned();
    });
  }

  /** Calls `write` for each item, which may decline by putting nothing; answers in their order. Never rejects. */
  send<T>(items: readonly T[], write: (item: T, to: Puts) => void): Promise<readonly boolean[]> {
    if (items.length === 0) return Promise.resolve([]);
    if (this.#unconfirmed + items.length > MOST_UNCONFIRMED) return Promise.resolve(items.map(() => false));
    return new Promise((resolve) => {
      const burst: Burst = new Burst(items.length, (answers) => {
        this.#bursts.delete(burst);
        resolve(answers);
      });
      this.#bursts.add(burst);
      let index = 0;
      let isPut = false;
      const to: Puts = {
        put: (exchange, routingKey, content, options) => {
          this.#put(exchange, routingKey, content, options, this.#answer(options.messageId, burst, index));
          isPut = true;
        },
        putText: (way, id, text) => {
          this.#putText(way, id, text, this.#answer(id, burst, index));
          isPut = true;
        },
      };
      for (; index < items.length; index++) {
        isPut = false;
        try {
          write(items[index] as T, to);
        } catch {
          // The channel has just closed: what went before is settled by its callbacks, this one never left.
          isPut = false;
        }
        if (!isPut) burst.settle(index, false);
      }
      this.#frames?.flush();
    });
  }

  /** Answers for everything that is under way: nobody knows. */
  giveUp(): void {
    for (const burst of [...this.#bursts]) burst.end();
  }

  #putText(way: Way, id: string, text: string, answered: Answered): void {
    if (this.#frames?.put(way, id, text, answered)) {
      this.#unconfirmed += 1;
      return;
    }
    const { exchange, routingKey, persistent, mandatory } = way;
    const options = { messageId: id, contentType: 'application/json', persistent, mandatory };
    this.#put(exchange, routingKey, Buffer.from(text), options, answered);
  }

  #put(exchange: string, routingKey: string, content: Buffer, options: Headed, answered: Answered): void {
    // Answers come in the order in which messages left.
    this.#frames?.flush();
    this.#cork();
    this.channel.publish(exchange, routingKey, content, options, answered);
    this.#unconfirmed += 1;
  }

  #answer(id: string, burst: Burst, index: number): Answered {
    return (error) => {
      this.#unconfirmed -= 1;
      burst.settle(index, !error && !this.#wasReturned(id));
    };
  }

  #wasReturned(id: string): boolean {
    if (this.#returned.size === 0) return false;
    const times = this.#returned.get(id);
    if (times === undefined) return false;
    if (times === 1) this.#returned.delete(id);
    else this.#returned.set(id, times - 1);
    return true;
  }

  /** Holds the socket back until the frames of this turn are in its buffer, which then leave in one system call. */
  #cork(): void {
    if (this.#corked) return;
    const { stream } = this.channel.connection as unknown as { stream?: Writable };
    if (!stream?.cork) return;
    this.#corked = true;
    stream.cork();
    // amqplib hands frames to the socket in an immediate of its own, which is asked for in the next tick.
    setImmediate(() => {
      setImmediate(() => {
        this.#corked = false;
        stream.uncork();
      });
    });
  }
}
