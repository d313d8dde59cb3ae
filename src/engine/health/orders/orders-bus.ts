import type { Consumer } from '../../ports/broker.js';

/**
 * Says to every engine that people have told the router something, so that nobody has to ask the database all the time.
 * A word says only that there is something to look for; it may be lost, repeated and late.
 */
export abstract class OrdersBus {
  /** To every engine, this one included. Never rejects. */
  abstract nudge(): Promise<void>;

  /** @param on called at every word, and when words may have been missed: at first, and after a lost connection. */
  abstract heed(on: () => void): Promise<Consumer>;
}
