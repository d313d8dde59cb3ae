import type { Json } from '../core/json.js';
import type { Cancel, Clock } from '../engine/ports/clock.js';
import {
  type AttemptOrder,
  type AttemptOutcome,
  AttemptRunner,
  type BatchHandler,
  type BatchOrder,
  type CacheOrder,
  type TaskContext,
} from '../engine/ports/handlers.js';
import type { Log } from '../engine/ports/log.js';
import { answerOf } from './attempt/answer.js';
import { failed, failureOf } from './attempt/failure.js';
import { HandlerContext } from './attempt/handler-context.js';
import { copyJson } from './attempt/plain-json.js';
import { Stops } from './attempt/stops.js';
import { givenSecrets } from './attempt/with-secrets.js';
import { Batches, type InBatch } from './batch/gather.js';
import { SharedAnswers } from './cache/shared-answers.js';

/** How long a handler that was told to stop may still take to finish what it has begun. */
const STOP_GRACE_MS = 3_000;

/**
 * Runs handlers in this process.
 *
 * `timeoutMs` bounds the whole attempt: every local retry and the delays between them pass inside it, so that a
 * delivery never holds its slot for longer than the flow says. When it passes, the signal aborts and the outcome is
 * `TIMEOUT` at once; what the handler does later is ignored. When `stop` aborts, the handler has 3 s to finish: a
 * result is still a result, everything else is `STOPPED` and means "not done", never a failure to be recorded.
 */
export class InProcessAttemptRunner extends AttemptRunner {
  private readonly stops = new Stops();
  /** Made when a flow asks for it. */
  private answers: SharedAnswers | null = null;
  private batches: Batches | null = null;

  constructor(
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    super();
  }

  run(order: AttemptOrder): Promise<AttemptOutcome> {
    const { many } = order.handler;
    if (order.batch && many) return this.runBatched(order, order.batch, many);
    return this.runOne(order);
  }

  /** What is kept for others, or told by a batch, is masked already. */
  private runOne(given: AttemptOrder): Promise<AttemptOutcome> {
    const order = given.secrets ? { ...given, handler: givenSecrets(given.handler, given.secrets) } : given;
    return order.cache ? this.runShared(order, order.cache) : this.runAlone(order);
  }

  /** An answer that an equal call has given is in no batch. */
  private async runBatched(order: AttemptOrder, batch: BatchOrder, many: BatchHandler): Promise<AttemptOutcome> {
    this.batches ??= new Batches(this.clock);
    const part: InBatch = { waitedMs: 0, led: 0 };
    const outcome = await this.runOne({ ...order, handler: this.batches.gathering(batch, many, part) });
    return { ...outcome, batched: part };
  }

  override recall(cache: CacheOrder): Json | undefined {
    return this.answers?.recall(cache);
  }

  private async runShared(order: AttemptOrder, cache: CacheOrder): Promise<AttemptOutcome> {
    this.answers ??= new SharedAnswers(this.clock);
    let isShared = false;
    const handler = this.answers.sharing(cache, order.handler, () => {
      isShared = true;
    });
    const outcome = await this.runAlone({ ...order, handler });
    return isShared && outcome.type === 'completed' ? { ...outcome, shared: true } : outcome;
  }

  private runAlone(order: AttemptOrder): Promise<AttemptOutcome> {
    return new Promise((resolve) => new Attempt(order, this.clock, this.log, this.stops, resolve).begin());
  }
}

class Attempt {
  private readonly context: TaskContext;
  /** Made when a handler asks for it: most never do, and an AbortSignal is the dearest thing here. */
  private abort: AbortController | null = null;
  private abortReason: Error | null = null;
  private timer: Cancel | null = null;
  private pause: Cancel | null = null;
  private tries = 0;
  private over = false;

  constructor(
    private readonly order: AttemptOrder,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly stops: Stops,
    private readonly resolve: (outcome: AttemptOutcome) => void,
  ) {
    this.context = new HandlerContext(order.context, log, () => this.signal());
  }

  begin(): void {
    const { stop, timeoutMs } = this.order;
    if (stop.aborted) return this.end(this.stopped());
    this.stops.add(stop, this);
    this.timer = this.clock.schedule(timeoutMs, () => {
      const message = `Expected the handler to finish within ${timeoutMs} ms, but it did not. Raise the task's timeout, or make the handler heed context.signal.`;
      this.end(failed('TIMEOUT', message, false));
      this.abortWith(new Error(message));
    });
    this.try();
  }

  private try(): void {
    this.pause = null;
    const number = this.tries++;
    let returned: unknown;
    try {
      returned = this.order.handler(copyJson(this.order.input), this.context);
    } catch (error) {
      return this.settled(number, failureOf(error));
    }
    // Promise.resolve also takes thenables, and turns a `then` that throws into a rejection.
    new Promise((resolve) => resolve(returned)).then(
      (value) => this.settled(number, answerOf(value)),
      (error) => this.settled(number, failureOf(error)),
    );
  }

  private settled(number: number, outcome: AttemptOutcome): void {
    if (this.over) return this.late(outcome);
    if (outcome.type !== 'failed' || outcome.permanent) return this.end(outcome);
    if (this.order.stop.aborted) return this.end(this.stopped());
    const delayMs = this.order.localRetries[number];
    if (delayMs === undefined) return this.end(outcome);
    this.context.log.warn(`The handler failed (${outcome.code}); tried again here in ${delayMs} ms.`, {
      code: outcome.code,
    });
    this.pause = this.clock.schedule(delayMs, () => this.try());
  }

  stop(): void {
    // Between two tries nothing is under way: there is nothing to wait for.
    if (this.pause) return this.end(this.stopped());
    this.timer?.();
    this.timer = this.clock.schedule(STOP_GRACE_MS, () => this.end(this.stopped()));
    this.abortWith(this.stopReason());
  }

  private signal(): AbortSignal {
    this.abort ??= new AbortController();
    if (this.abortReason && !this.abort.signal.aborted) this.abort.abort(this.abortReason);
    return this.abort.signal;
  }

  private abortWith(reason: Error): void {
    this.abortReason = reason;
    this.abort?.abort(reason);
  }

  private end(outcome: AttemptOutcome): void {
    if (this.over) return;
    this.over = true;
    this.timer?.();
    this.pause?.();
    this.stops.delete(this.order.stop, this);
    this.resolve(outcome);
  }

  private late(outcome: AttemptOutcome): void {
    const { flow, instance, node, attempt } = this.order.context;
    const what = outcome.type === 'failed' ? `failed (${outcome.code})` : outcome.type;
    this.log.warn(`A handler ${what} after its attempt was over; the outcome is ignored.`, {
      flow,
      instance,
      node,
      attempt,
    });
  }

  private stopped(): AttemptOutcome {
    return failed('STOPPED', this.stopReason().message, false);
  }

  private stopReason(): Error {
    const { reason } = this.order.stop as { reason: unknown };
    return new Error(`The attempt was stopped${reason instanceof Error ? `: ${reason.message}` : '.'}`);
  }
}
