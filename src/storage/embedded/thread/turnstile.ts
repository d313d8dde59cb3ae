const FREE = 0;
const BUSY = 1;
const SHUT = 2;

/** Longest that somebody who shuts it waits for what is under way, in milliseconds. */
const LONGEST_MS = 10_000;

/**
 * What the thread passes before and after every order. A thread that is ended inside the driver takes the whole process
 * with it, so whoever ends it shuts this first: what is under way is carried out, and nothing more begins.
 */
export class Turnstile {
  private readonly state: Int32Array;

  constructor(readonly memory: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.state = new Int32Array(memory);
  }

  /** `false` when it is shut. */
  enter(): boolean {
    return Atomics.compareExchange(this.state, 0, FREE, BUSY) === FREE;
  }

  leave(): void {
    Atomics.store(this.state, 0, FREE);
    Atomics.notify(this.state, 0);
  }

  /** Waits, without turning the event loop, till nobody is inside. */
  shut(): void {
    while (Atomics.compareExchange(this.state, 0, FREE, SHUT) === BUSY) {
      if (Atomics.wait(this.state, 0, BUSY, LONGEST_MS) === 'timed-out') return;
    }
  }
}
