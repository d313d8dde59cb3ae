import type { Expression } from '../../expression.js';

/** For a while, equal calls of a handler in one engine are one call. */
export interface CacheRule {
  /** How long an answer is given again, in milliseconds. */
  readonly ttlMs: number;
  /** What makes calls equal; `null`: all that the handler gets. A call whose key is null is never shared. */
  readonly key: Expression | null;
}

/** Calls of a handler that come within a short time in one engine are one call, each with an answer of its own. */
export interface BatchRule {
  /** Most calls in one. */
  readonly max: number;
  /** How long the first waits for others, in milliseconds. */
  readonly withinMs: number;
}
