import type { JsonObject } from '../../core/json.js';

/** How a simulated partner sends a message, as one outside would. */
export abstract class Post {
  /** @param id the sender's own: sent again with it, it is the same message. */
  abstract send(name: string, payload: JsonObject, id: string): Promise<unknown>;
}

/** For partners that nobody listens to: whoever waits for them must ask. */
export const NOBODY_LISTENS: Post = { send: async () => null };
