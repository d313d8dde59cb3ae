import type { Json } from '../../../../src/core/json.js';
import {
  type AttemptOrder,
  type AttemptOutcome,
  AttemptRunner,
  type BatchHandler,
  type CacheOrder,
  Handlers,
  type TaskHandler,
} from '../../../../src/engine/ports/handlers.js';
import type { Log } from '../../../../src/engine/ports/log.js';
import { InProcessAttemptRunner } from '../../../../src/worker/in-process-attempt-runner.js';
import type { Calls } from '../calls.js';
import type { History } from '../history.js';
import type { Partner } from '../partner.js';
import type { EngineClock } from '../sim-clock.js';
import { type Answering, asking, held, said } from './ask.js';
import { CacheGuard } from './cache-guard.js';

/** No time-out of an attempt in a world: what takes too long is the partner's plan. */
const NEVER_MS = 1_000 * 365 * 86_400_000;

interface Around {
  readonly calls: Calls;
  readonly partner: Partner;
  readonly history: History;
  readonly clock: EngineClock;
  readonly log: Log;
}

/**
 * Runs what is more than one question to one handler as it is run outside of simulations; every question is a step. All
 * others are the plain runner's.
 */
export class AskingRunner extends AttemptRunner {
  /** Every handler of the process. */
  readonly handler: TaskHandler;
  private readonly real: InProcessAttemptRunner;
  private readonly guard: CacheGuard;
  /** What makes calls equal that are made in batches, by their idempotency keys. */
  private readonly keys = new Map<string, string>();

  constructor(
    private readonly plain: AttemptRunner,
    { calls, partner, history, clock, log }: Around,
  ) {
    super();
    this.real = new InProcessAttemptRunner(clock, log);
    const bankOf = (instance: string): string => history.courses.get(instance)?.bank ?? '';
    const answer: Answering = (input, context) => partner.answer({ input, context }, bankOf(context.instance));
    const many: BatchHandler = async (asked, { signal }) => {
      const most = Math.max(
        ...asked.map(({ context: { flow, node } }) => partner.plan(flow, node, null)?.more?.batch ?? 1),
      );
      if (asked.length > most) history.wrong('I35', `${asked.length} calls are made one, and ${most} may be`);
      const outcomes = await held(calls, signal, () => asked.map(({ input, context }) => answer(input, context)));
      for (const { context } of asked) {
        const key = this.keys.get(context.idempotencyKey);
        if (key !== undefined) this.guard.gave(key);
      }
      return outcomes.map(said);
    };
    this.handler = Object.assign(asking(calls, answer), { many });
    this.guard = new CacheGuard(
      () => clock.now(),
      (what) => history.wrong('I34', what),
    );
  }

  override run(order: AttemptOrder): Promise<AttemptOutcome> {
    if (order.handler === this.handler && !order.cache && !order.batch) return this.plain.run(order);
    return this.whole({ ...order, timeoutMs: NEVER_MS });
  }

  override recall(cache: CacheOrder): Json | undefined {
    const known = this.real.recall(cache);
    if (known !== undefined) this.guard.again(cache);
    return known;
  }

  private async whole(order: AttemptOrder): Promise<AttemptOutcome> {
    const { cache, batch, handler } = order;
    // In a batch it is who has gathered it that asks.
    if (cache && batch) this.keys.set(order.context.idempotencyKey, cache.key);
    if (!cache || batch) return this.real.run(order);
    const outcome = await this.real.run({ ...order, handler: this.guard.watching(cache, handler) });
    if (outcome.type === 'completed' && outcome.shared) this.guard.again(cache);
    return outcome;
  }
}

/** Every handler but those that an engine lacks for now. */
export class AskedHandlers extends Handlers {
  constructor(
    private readonly handler: TaskHandler,
    private readonly lacks: (handler: string) => boolean,
  ) {
    super();
  }

  override find(name: string): TaskHandler | undefined {
    return this.lacks(name) ? undefined : this.handler;
  }

  override names(): readonly string[] {
    return [];
  }
}
