import type { Json } from '../../../../src/core/json.js';
import {
  type AttemptOrder,
  type AttemptOutcome,
  AttemptRunner,
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
import { asking } from './ask.js';

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

  constructor(
    private readonly plain: AttemptRunner,
    { calls, partner, history, clock, log }: Around,
  ) {
    super();
    this.real = new InProcessAttemptRunner(clock, log);
    const bankOf = (instance: string): string => history.courses.get(instance)?.bank ?? '';
    this.handler = asking(calls, (input, context) => partner.answer({ input, context }, bankOf(context.instance)));
  }

  override run(order: AttemptOrder): Promise<AttemptOutcome> {
    if (order.handler === this.handler && !order.cache && !order.batch) return this.plain.run(order);
    return this.real.run({ ...order, timeoutMs: NEVER_MS });
  }

  override recall(cache: CacheOrder): Json | undefined {
    return this.real.recall(cache);
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
