import type { Consumer } from '../engine/ports/broker.js';

/** What a consumer gets; generic over what the queue carries. */
export interface Taken<T> {
  readonly content: T;
  readonly redelivered: boolean;
  /** This one included. */
  readonly deliveries: number;
  ack(): void;
  release(): void;
}

interface Entry<T> {
  readonly content: T;
  /** How often it was handed out before. */
  readonly before: number;
}

interface Drain<T> {
  readonly prefetch: number;
  readonly on: (taken: Taken<T>) => void;
  inHand: number;
}

/** One queue in memory: bounded, first in first out, with prefetch, and fair among its consumers. */
export class MemoryBrokerQueue<T> {
  #entries: Entry<T>[] = [];
  #head = 0;
  #drains: Drain<T>[] = [];

  /** @param wake asks for `deliver` to be called soon */
  constructor(
    readonly capacity: number,
    private readonly wake: () => void,
  ) {}

  /** Entries that wait for a consumer. */
  get ready(): number {
    return this.#entries.length - this.#head;
  }

  /** `false` when the queue is full. */
  add(content: T): boolean {
    if (this.ready >= this.capacity) return false;
    this.#entries.push({ content, before: 0 });
    this.wake();
    return true;
  }

  consume(prefetch: number, on: (taken: Taken<T>) => void): Consumer {
    if (!(prefetch >= 1)) throw new RangeError(`Expected a prefetch of at least 1, but got ${prefetch}.`);
    const drain: Drain<T> = { prefetch, on, inHand: 0 };
    this.#drains.push(drain);
    this.wake();
    return {
      stop: async () => {
        this.#drains = this.#drains.filter((other) => other !== drain);
      },
    };
  }

  /** Hands out at most `limit` entries. `true` when more could go at once. */
  deliver(limit: number): boolean {
    for (let given = 0; given < limit; given += 1) {
      if (this.ready === 0) return false;
      const drain = this.#nextDrain();
      if (!drain) return false;
      const entry = this.#entries[this.#head] as Entry<T>;
      this.#head += 1;
      this.#compact();
      drain.inHand += 1;
      drain.on(this.#take(entry, drain));
    }
    return this.ready > 0;
  }

  /** Forgets entries and consumers; what is in hand can be settled without effect. */
  clear(): void {
    this.#entries = [];
    this.#head = 0;
    this.#drains = [];
  }

  #take(entry: Entry<T>, drain: Drain<T>): Taken<T> {
    const entries = this.#entries;
    let settled = false;
    const settle = (): boolean => {
      if (settled) return false;
      settled = true;
      drain.inHand -= 1;
      if (this.ready > 0) this.wake();
      // `clear` replaces the array: a delivery from before it has nothing to go back to.
      return entries === this.#entries;
    };
    return {
      content: entry.content,
      redelivered: entry.before > 0,
      deliveries: entry.before + 1,
      ack: () => void settle(),
      release: () => {
        if (settle()) this.#putBack({ ...entry, before: entry.before + 1 });
      },
    };
  }

  #putBack(entry: Entry<T>): void {
    if (this.#head > 0) {
      this.#head -= 1;
      this.#entries[this.#head] = entry;
    } else {
      this.#entries.unshift(entry);
    }
    this.wake();
  }

  /** The first consumer with a free place, which then queues up behind the others. */
  #nextDrain(): Drain<T> | undefined {
    if (this.#drains.length === 1) {
      const only = this.#drains[0] as Drain<T>;
      return only.inHand < only.prefetch ? only : undefined;
    }
    const index = this.#drains.findIndex((drain) => drain.inHand < drain.prefetch);
    if (index < 0) return undefined;
    const [drain] = this.#drains.splice(index, 1) as [Drain<T>];
    this.#drains.push(drain);
    return drain;
  }

  #compact(): void {
    if (this.#head === this.#entries.length) {
      this.#entries.length = 0;
      this.#head = 0;
    } else if (this.#head >= 1_024 && this.#head * 2 > this.#entries.length) {
      this.#entries.splice(0, this.#head);
      this.#head = 0;
    }
  }
}
