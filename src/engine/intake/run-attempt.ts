import type { TaskNode } from '../../core/definition/definition.js';
import { handlersOf } from '../../core/definition/handlers.js';
import { visitOf } from '../../core/definition/work/each.js';
import type { Memo } from '../../core/definition/work/memo.js';
import { ExpressionFailure } from '../../core/expression.js';
import type { FlowEvent } from '../../core/flow/event.js';
import { type Failure, nodeInstanceId } from '../../core/flow/instance.js';
import type { JsonObject } from '../../core/json.js';
import type { Routable } from '../../core/routing/opinion.js';
import { partnerOf, type Subject } from '../../core/routing/subject.js';
import { sendElsewhere } from '../health/groups/send-elsewhere.js';
import type { KeepLanes } from '../health/lanes/keep-lanes.js';
import { Fences, transactionOf } from '../health/limits/fences.js';
import type { Limits } from '../health/limits/limits.js';
import type { Router } from '../health/router.js';
import type { DispatchMessage } from '../ports/broker.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Clock } from '../ports/clock.js';
import {
  type AttemptOutcome,
  type AttemptRunner,
  type CacheOrder,
  Completed,
  type Handlers,
  type TaskHandler,
} from '../ports/handlers.js';
import type { DeliveryFacts, Store } from '../ports/store.js';
import type { Tally } from '../tally.js';
import { buildInput, scopeOf } from './build-input.js';
import { askBounds } from './work/bounds.js';
import { degrade } from './work/degrade.js';
import { batchOrder, cacheOrder } from './work/order/cache-order.js';
import { fetchSecrets, type WithSecrets } from './work/order/secrets.js';
import { workingOn } from './work/working.js';

export interface RunAttemptParts extends WithSecrets {
  readonly handlers: Handlers;
  readonly runner: AttemptRunner;
  readonly router: Router;
  /** Left out: there is no other engine. */
  readonly lanes?: Pick<KeepLanes, 'groups'>;
  /** Left out: nothing has a limit. */
  readonly limits?: Limits | null;
  readonly store: Pick<Store, 'fences'>;
  readonly clock: Clock;
  readonly tally: Tally;
  /** Aborted when the engine has waited long enough for its handlers. */
  readonly stop: AbortSignal;
  readonly checkpoint: Checkpoint;
}

/** Runs the handler of one delivery, if the router still lets it, and says what came of it. */
export class RunAttempt {
  private readonly fences: Fences;

  constructor(private readonly parts: RunAttemptParts) {
    this.fences = new Fences(parts.store.fences, parts.clock, parts.tally, parts.checkpoint);
  }

  /**
   * `undefined`: the engine stops, and the attempt was cut.
   * @param stop aborts this attempt alone too.
   */
  async execute(
    message: DispatchMessage,
    task: TaskNode,
    facts: Partial<DeliveryFacts>,
    stop = this.parts.stop,
  ): Promise<FlowEvent | undefined> {
    const { node, visit, attempt, instance, dispatch } = message;
    const { router, clock, checkpoint } = this.parts;
    const about = { at: 0, node, visit, attempt };
    const handlers = handlersOf(task);
    const missing = handlers.find((name) => !this.parts.handlers.find(name));
    const groups = this.parts.lanes?.groups;
    if (missing !== undefined && groups) return sendElsewhere(groups, message, { handlers, missing }, this.parts.tally);
    if (missing !== undefined) return { type: 'task.unhandled', ...about, handler: missing };

    const scope = { input: facts.input ?? {}, vars: facts.vars ?? {}, outputs: facts.outputs ?? {} };
    let input: JsonObject;
    let cache: CacheOrder | null;
    try {
      input = buildInput(task, scope);
      cache = task.cache ? cacheOrder(task, task.cache, input, scope) : null;
    } catch (fault) {
      if (!(fault instanceof ExpressionFailure)) throw fault;
      return { type: 'task.failed', ...about, error: { code: fault.code, message: fault.message, permanent: true } };
    }
    const known = cache ? this.parts.runner.recall(cache) : undefined;
    if (known !== undefined) {
      // Nobody is asked, so it does not matter how whoever would be asked is doing.
      this.parts.tally.count('cache.hit');
      return { type: 'task.completed', ...about, output: known };
    }
    const secrets = task.secrets ? await fetchSecrets(task, this.parts.secrets) : null;
    if (secrets?.type === 'missing')
      return { type: 'task.unhandled', ...about, handler: task.handler, secrets: secrets.names };
    if (secrets?.type === 'away') return { type: 'task.failed', ...about, error: secretAway(secrets.name) };
    const idempotencyKey = nodeInstanceId(instance, node, visit);
    const subject = message.subject ?? partnerOf(task.handler, message);
    const admitted = router.admit(subject, () => arrived(message, task, idempotencyKey, subject), message.lane);
    const pass = admitted instanceof Promise ? await admitted : admitted;
    if (!pass) {
      this.parts.tally.count('delivery.deferred');
      return { type: 'task.deferred', ...about, dispatch };
    }
    if ('degraded' in pass) {
      this.parts.tally.count('delivery.degraded');
      return degrade(about, task, scope, pass.degraded);
    }
    const bounded = task.limit || task.rate || router.bounding.length > 0;
    const places = bounded
      ? await askBounds({
          limits: this.parts.limits,
          bounding: router.bounding,
          known: arrived(message, task, idempotencyKey, subject),
          task,
          scope: () => scopeOf(scope),
        })
      : null;
    if (places && 'waitMs' in places) {
      router.observe(pass, null, 0);
      this.parts.tally.count(places.code === 'limit.retries' ? 'retry.kept' : 'delivery.limited');
      const { code, said, waitMs } = places;
      return { type: 'task.deferred', ...about, dispatch, delayMs: waitMs, exceeds: { code, said } };
    }
    checkpoint.reach('guarded');
    const working = task.work ? workingOn(task, task.work, visit, scope, this.parts) : null;
    const asked = working?.handler ?? (this.parts.handlers.find(task.handler) as TaskHandler);
    const handler = task.part ? this.fences.before(asked, message, task.part) : asked;
    const began = clock.now();
    const { flow, version } = message;
    const running = this.parts.runner.run({
      handler,
      input,
      context: {
        idempotencyKey,
        instance,
        flow,
        version,
        node,
        visit: visitOf(visit),
        attempt,
        with: task.with ?? {},
        ...(task.part && { transaction: transactionOf(message, task.part) }),
      },
      timeoutMs: task.timeoutMs,
      localRetries: task.retry.local,
      stop,
      ...(cache && { cache }),
      ...(secrets && { secrets: secrets.order }),
      ...(task.batch && { batch: batchOrder(task, task.batch) }),
    });
    const outcome = await (places ? running.finally(() => this.parts.limits?.leave(places)) : running);
    checkpoint.reach('handled');
    const cut = stop.aborted && outcome.type === 'failed';
    const isShared = outcome.type === 'completed' && outcome.shared === true;
    if (cache) this.parts.tally.count(isShared ? 'cache.hit' : 'cache.miss');
    const { batched } = outcome;
    if (batched) {
      this.parts.tally.count('batch.attempt');
      this.parts.tally.count('batch.call', batched.led);
    }
    // How long it has waited for others says nothing of the partner.
    const tookMs = clock.now() - began - (batched?.waitedMs ?? 0);
    router.observe(pass, cut || isShared ? null : outcome, tookMs);
    if (cut) return undefined;
    const memo = outcome.type === 'failed' ? working?.memo() : undefined;
    return eventOf(outcome, about, dispatch, memo);
  }
}

const secretAway = (name: string): Failure => ({
  code: 'SECRET_AWAY',
  message: `Expected to learn the secret '${name}', but whoever keeps it cannot be reached.`,
  permanent: false,
});

/** What has arrived, as the router looks at it. */
export const arrived = (message: DispatchMessage, task: TaskNode, id: string, subject: Subject): Routable => ({
  ...message,
  kind: 'task',
  id,
  cause: 'entered',
  delayMs: 0,
  polls: 0,
  tags: task.tags,
  ...(task.fallback && { degrades: true }),
  subject,
});

function eventOf(
  outcome: AttemptOutcome,
  about: { at: number; node: string; visit: number; attempt: number },
  dispatch: number,
  memo: Memo | undefined,
): FlowEvent {
  switch (outcome.type) {
    case 'completed': {
      const { output } = outcome;
      const written = Completed.writtenOf(outcome);
      const { node, visit, attempt } = about;
      return written
        ? { type: 'task.completed', at: 0, node, visit, attempt, output, written }
        : { type: 'task.completed', at: 0, node, visit, attempt, output };
    }
    case 'polled':
      return { type: 'task.polled', ...about, dispatch, delayMs: outcome.delayMs };
    case 'failed': {
      const { code, message, permanent } = outcome;
      return { type: 'task.failed', ...about, error: { code, message, permanent }, ...(memo && { memo }) };
    }
  }
}
