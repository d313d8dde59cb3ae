import type { BatchRule } from '../../core/definition/work/cache.js';
import type { Json, JsonObject, Written } from '../../core/json.js';
import type { SecretOrder } from '../intake/work/order/secrets.js';
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
  /** Of a participant of a `tcc` node: equal for its try, its confirm and its cancel. */
  readonly transaction?: string;
  /** Literals of the node's `with`. */
  readonly with: JsonObject;
  /** Aborted when the attempt's time is up or the engine stops. */
  readonly signal: AbortSignal;
  readonly log: Log;
}

/** Does the work of a task. Returns an output, or `poll(delay)`, or throws. */
export interface TaskHandler {
  (input: JsonObject, context: TaskContext): Promise<unknown> | unknown;
  /** Does the same for several calls at once; absent: each is made by itself. */
  readonly many?: BatchHandler;
}

/** One of the calls that a batch handler is asked about. */
export interface BatchCall {
  readonly input: JsonObject;
  /** Of this call alone: its key, its attempt, its signal. */
  readonly context: TaskContext;
}

/**
 * Does the work of several calls of a task. Returns an answer for each, in their order: an output, `poll(delay)`, or an
 * `Error`, which is that call's failure alone. What it throws is the failure of all.
 */
export type BatchHandler = (
  calls: readonly BatchCall[],
  /** Aborted when none of the calls is wanted any more. */
  context: { readonly signal: AbortSignal },
) => Promise<readonly unknown[]> | readonly unknown[];

/** A handler that is asked about several calls at once where a task says `batch`, and elsewhere about one. */
export function inBatches(many: BatchHandler): TaskHandler {
  const handler = async (input: JsonObject, context: TaskContext): Promise<unknown> => {
    const [answer] = await answersTo([{ input, context }], many, context);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  return Object.assign(handler, { many });
}

/** @throws {Error} `BATCH_ANSWERS` when there is not one answer for each call. */
export async function answersTo(
  calls: readonly BatchCall[],
  many: BatchHandler,
  { signal }: Pick<TaskContext, 'signal'>,
): Promise<readonly unknown[]> {
  const answers: unknown = await many(calls, { signal });
  if (Array.isArray(answers) && answers.length === calls.length) return answers;
  const got = Array.isArray(answers) ? `a list of ${answers.length}` : 'none';
  const message = `Expected a list of ${calls.length} answers, one for each call, but the batch handler gave ${got}. Answer in the order of the calls, an Error where one has failed.`;
  throw Object.assign(new Error(message), { code: 'BATCH_ANSWERS' });
}

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
export type AttemptOutcome = AttemptEnd & {
  /** It was asked about together with others: how long it has waited for them, and of how many batches it was the first. */
  readonly batched?: { readonly waitedMs: number; readonly led: number };
};

type AttemptEnd =
  /** `shared`: an equal call has given it, and the handler was not asked. */
  | { readonly type: 'completed'; readonly output: Json; readonly shared?: true }
  | { readonly type: 'failed'; readonly code: string; readonly message: string; readonly permanent: boolean }
  | { readonly type: 'polled'; readonly delayMs: number };

/** A completed attempt of which is known how its output is written; equal to one of which it is not. */
export class Completed {
  readonly type = 'completed';
  readonly #written: Written;

  constructor(
    readonly output: Json,
    written: Written,
  ) {
    this.#written = written;
  }

  static writtenOf(outcome: AttemptOutcome): Written | undefined {
    return #written in outcome ? outcome.#written : undefined;
  }
}

/** Calls with the same key may share an answer, for a while. */
export interface CacheOrder {
  readonly key: string;
  readonly ttlMs: number;
  /** Whether an answer is what the node expects; what is not is neither kept nor given again. Left out: every one is. */
  readonly fits?: (output: Json) => boolean;
}

/** Calls with the same key may be asked about together. */
export interface BatchOrder extends BatchRule {
  readonly key: string;
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
  /** Put into the input when the handler is called, and masked in all that it says; absent: there are none. */
  readonly secrets?: SecretOrder;
  /** Absent: the handler is asked about this attempt alone. */
  readonly batch?: BatchOrder;
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
