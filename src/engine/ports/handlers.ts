import type { Json, JsonObject } from '../../core/json.js';
import type { Log } from './log.js';

/** What a handler is told beside its input. */
export interface TaskContext {
  /** Equal over attempts and restarts of this node instance: hand it to whoever must not do the thing twice. */
  readonly idempotencyKey: string;
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  readonly node: string;
  readonly visit: number;
  /** From 1. */
  readonly attempt: number;
  /** Literals of the node's `with`. */
  readonly with: JsonObject;
  /** Aborted when the attempt's time is up or the engine stops. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Does the work of a task. Returns an output, or `poll(delay)`, or throws. */
export type TaskHandler = (input: JsonObject, context: TaskContext) => Promise<unknown> | unknown;

/** Thrown by a handler: this will not get better by trying again. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  /** @param code `^[A-Z][A-Z0-9_]{0,63}$`; matched by `on error CODE*`. */
  constructor(
    readonly code: string,
    message: string,
  ) {
    super(message);
  }
}

/** Returned by a handler that must ask again later; made by {@link poll}. */
export class Poll {
  constructor(readonly delayMs: number) {}
}

/** Ask again in `delayMs` (1 ms to 365 days); costs no attempt. */
export const poll = (delayMs: number): Poll => new Poll(delayMs);

/** The handlers of this process, by name. */
export abstract class Handlers {
  abstract find(name: string): TaskHandler | undefined;
  abstract names(): readonly string[];
}

/** What became of an attempt; never thrown. */
export type AttemptOutcome =
  /** `shared`: an equal call has given it, and the handler was not asked. */
  | { readonly type: 'completed'; readonly output: Json; readonly shared?: true }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly permanent: boolean }
  | { readonly type: 'polled'; readonly delayMs: number };

/** Calls with the same key may share an answer, for a while. */
export interface CacheOrder {
  readonly key: string;
  readonly ttlMs: number;
}

export interface AttemptOrder {
  readonly handler: TaskHandler;
  readonly input: JsonObject;
  readonly context: Omit<TaskContext, 'signal' | 'log'>;
  readonly timeoutMs: number;
  /** Delays of the local retries, in milliseconds; they pass inside the attempt. */
  readonly localRetries: readonly number[];
  /** Aborts the attempt from outside: the engine stops, or the node is cancelled. */
  readonly stop: AbortSignal;
  /** Absent: the handler is asked in any case. */
  readonly cache?: CacheOrder;
}

/**
 * Runs one attempt to an outcome: timeouts that free the slot even if the promise never settles, outputs made plain
 * JSON and bounded, errors made plain and short.
 */
export abstract class AttemptRunner {
  abstract run(order: AttemptOrder): Promise<AttemptOutcome>;

  /** What an equal call gave in this process not long ago; `undefined`: none did. */
  recall(_cache: CacheOrder): Json | undefined {
    return undefined;
  }
}
