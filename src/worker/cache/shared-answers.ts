import { LRUCache } from 'lru-cache';
import { resultFlag } from '../../core/flow/instance.js';
import type { Json } from '../../core/json.js';
import type { Clock } from '../../engine/ports/clock.js';
import type { CacheOrder, TaskHandler } from '../../engine/ports/handlers.js';
import { answerOf } from '../attempt/answer.js';
import { copyJson } from '../attempt/plain-json.js';

/** Most answers that are kept, and how many characters they may have together as JSON. */
const MAX_ANSWERS = 10_000;
const MAX_CHARACTERS = 64 * 1024 * 1024;

/** A call that others wait for: what it gave, or `null` when that is no answer to them. */
type Flight = Promise<{ readonly output: Json } | null>;

/**
 * Answers of handlers that are given again to equal calls in this process. Of equal calls at the same time one is made:
 * the others wait for it, each no longer than its own timeout, and when it gives nothing the next of them is made.
 */
export class SharedAnswers {
  private readonly kept: LRUCache<string, { readonly output: Json }>;
  private readonly flights = new Map<string, Flight>();

  constructor(clock: Clock) {
    this.kept = new LRUCache({
      max: MAX_ANSWERS,
      maxSize: MAX_CHARACTERS,
      sizeCalculation: ({ output }, key) => key.length + JSON.stringify(output).length,
      // Its time is that of the engine, which tests let jump.
      perf: { now: () => clock.now() },
      ttlResolution: 0,
    });
  }

  /** A copy of what an equal call gave; `undefined`: there is none. */
  recall(order: CacheOrder): Json | undefined {
    const known = this.known(order);
    return known && copyJson(known.output);
  }

  private known({ key, fits }: CacheOrder): { readonly output: Json } | undefined {
    const known = this.kept.get(key);
    return known && fits?.(known.output) === false ? undefined : known;
  }

  /** The handler, asked only where no equal call gives its answer. `shared` is told when one did. */
  sharing(order: CacheOrder, handler: TaskHandler, shared: () => void): TaskHandler {
    const { key, fits } = order;
    return async (input, context) => {
      for (;;) {
        const known = this.known(order);
        const flight = known ? null : this.flights.get(key);
        if (flight === undefined) break;
        const given = known ?? (await flight);
        // It was waited for too long: whoever waited has been answered.
        if (!known) context.signal.throwIfAborted();
        // Who flew may expect something else of the same handler.
        if (!given || fits?.(given.output) === false) continue;
        shared();
        return copyJson(given.output);
      }
      const work = (async () => handler(input, context))();
      const flight = this.flown(order, work, context.signal);
      this.flights.set(key, flight);
      void flight.then(() => this.flights.delete(key));
      return work;
    };
  }

  /** A call that was given up, or never ends, keeps nobody waiting. */
  private async flown({ key, ttlMs, fits }: CacheOrder, work: Promise<unknown>, signal: AbortSignal): Flight {
    const givenUp = new Promise<null>((resolve) => {
      if (signal.aborted) resolve(null);
      else signal.addEventListener('abort', () => resolve(null), { once: true });
    });
    const answered = work.then(
      (value) => answerOf(value),
      () => null,
    );
    const outcome = await Promise.race([answered, givenUp]);
    // A failure, a poll, a no or what was not expected is the matter of who asked.
    if (outcome?.type !== 'completed' || !resultFlag(outcome.output) || fits?.(outcome.output) === false) return null;
    const given = { output: copyJson(outcome.output) };
    this.kept.set(key, given, { ttl: ttlMs });
    return given;
  }
}
