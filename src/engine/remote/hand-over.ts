import type { TaskNode } from '../../core/definition/definition.js';
import { ExpressionFailure } from '../../core/expression.js';
import type { FlowEvent } from '../../core/flow/event.js';
import { nodeInstanceId } from '../../core/flow/instance.js';
import type { JsonObject } from '../../core/json.js';
import { DATABASE_TIMER } from '../../core/routing/lane.js';
import { partnerOf, type Subject } from '../../core/routing/subject.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Outcome } from '../commit/pending.js';
import type { Limits } from '../health/limits/limits.js';
import type { Leave, Router } from '../health/router.js';
import { buildInput, scopeOf } from '../intake/build-input.js';
import type { DatabaseClock } from '../intake/database-clock.js';
import type { Sha256 } from '../intake/refuse.js';
import { arrived } from '../intake/run-attempt.js';
import { askBounds } from '../intake/work/bounds.js';
import { degrade } from '../intake/work/degrade.js';
import type { Broker, Delivery, DispatchMessage, OutgoingTask } from '../ports/broker.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { DeliveryFacts } from '../ports/store.js';
import type { Tally } from '../tally.js';
import { pause } from '../while-away.js';
import { attemptName, type Probes } from './probes.js';
import { writeTask } from './write-task.js';

/** Wait between tries to hand an attempt over. */
const AGAIN_MS = 1_000;
/** Tries that a broker which is up may refuse before that is a failure of the attempt. */
const MOST_TRIES = 10;

export interface HandOverParts {
  readonly broker: Broker;
  readonly router: Router;
  /** Left out: nothing has a limit. */
  readonly limits?: Limits | null;
  readonly probes: Probes;
  readonly commits: CommitEvents;
  readonly databaseClock: DatabaseClock;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
  readonly sha256: Sha256;
  readonly stop: AbortSignal;
  readonly checkpoint: Checkpoint;
}

/** What becomes of the delivery. */
interface Ways {
  readonly settle: (outcome: Outcome) => Promise<void>;
  readonly drop: () => Promise<void>;
}

/**
 * Hands an attempt to the workers outside, and lets go of it: the row says that it waits and until when, so that
 * neither a delivery nor memory is held while the worker works. The message is sent first and the row written then.
 * Who dies in between leaves a second message for the same attempt, which has the same key; who did it the other way
 * round would leave none.
 */
export class HandOver {
  constructor(private readonly parts: HandOverParts) {}

  /** Whether there is anybody to hand to. */
  reaches(): boolean {
    return this.parts.broker.reachesWorkers();
  }

  async execute(delivery: Delivery, task: TaskNode, facts: DeliveryFacts, { settle, drop }: Ways): Promise<void> {
    const { message } = delivery;
    if (facts.node?.status === 'waiting') {
      // Its wait is still on: this dispatch has been handed over before.
      if (facts.node.queue === DATABASE_TIMER) return drop();
      return settle(await this.commit(message, this.overdue(message, task, facts)));
    }
    const event = await this.hand(message, task, facts);
    if (!event) return delivery.release();
    return settle(await this.commit(message, event));
  }

  /** `undefined`: the engine stops before the broker had it. */
  private async hand(message: DispatchMessage, task: TaskNode, facts: DeliveryFacts): Promise<FlowEvent | undefined> {
    const { node, visit, attempt, dispatch } = message;
    const { router, databaseClock, sha256, tally } = this.parts;
    const about = { at: 0, node, visit, attempt };
    let input: JsonObject;
    try {
      input = buildInput(task, facts);
    } catch (fault) {
      if (!(fault instanceof ExpressionFailure)) throw fault;
      return { type: 'task.failed', ...about, error: { code: fault.code, message: fault.message, permanent: true } };
    }
    const pass = await this.admit(message, task);
    if (!pass) {
      tally.count('delivery.deferred');
      return { type: 'task.deferred', ...about, dispatch };
    }
    if ('degraded' in pass) {
      tally.count('delivery.degraded');
      return degrade(about, task, facts, pass.degraded);
    }
    const bounded = task.rate || router.bounding.length > 0 ? await this.bounded(message, task, facts) : null;
    if (bounded && 'waitMs' in bounded) {
      router.observe(pass, null, 0);
      tally.count(bounded.code === 'limit.retries' ? 'retry.kept' : 'delivery.limited');
      const { code, said, waitMs } = bounded;
      return { type: 'task.deferred', ...about, dispatch, delayMs: waitMs, exceeds: { code, said } };
    }
    this.parts.checkpoint.reach('guarded');
    const polls = facts.node?.polls ?? 0;
    const handed = { polls, sentAt: databaseClock.now(), probe: pass.probe };
    const outcome = await this.reach(writeTask(message, task, input, handed, sha256));
    if (outcome === 'stopped') return undefined;
    if (outcome === 'refused') {
      router.observe(pass, null, 0);
      const text = `Expected the broker to take the task for 'sluice.task.${task.handler}', but it refused ${MOST_TRIES} times. Look whether that queue is full or may not be made.`;
      return { type: 'task.failed', ...about, error: { code: 'TASK_REFUSED', message: text, permanent: false } };
    }
    tally.count('task.handed');
    this.parts.checkpoint.reach('handled');
    if (pass.probe) this.parts.probes.sent(nameOf(message), pass, task.timeoutMs);
    return { type: 'task.handed', ...about, dispatch };
  }

  private admit(message: DispatchMessage, task: TaskNode): Leave | Promise<Leave> {
    const id = nodeInstanceId(message.instance, message.node, message.visit);
    const subject = subjectOf(message, task);
    return this.parts.router.admit(subject, () => arrived(message, task, id, subject));
  }

  private bounded(message: DispatchMessage, task: TaskNode, facts: DeliveryFacts): ReturnType<typeof askBounds> {
    const { limits, router } = this.parts;
    const id = nodeInstanceId(message.instance, message.node, message.visit);
    const known = arrived(message, task, id, subjectOf(message, task));
    return askBounds({ limits, bounding: router.bounding, known, task, scope: () => scopeOf(facts), outside: true });
  }

  /** A broker that is away costs no attempt; one that is there and does not take it does, or it would hang for ever. */
  private async reach(task: OutgoingTask): Promise<'handed' | 'refused' | 'stopped'> {
    const { broker, clock, stop, tally } = this.parts;
    for (let refused = 0; refused < MOST_TRIES; ) {
      if (stop.aborted) return 'stopped';
      const { ready, blocked } = broker.state();
      const [taken] = await broker.hand([task]);
      if (taken) return 'handed';
      tally.count('task.refused');
      if (ready && !blocked) refused++;
      await pause(clock, AGAIN_MS);
    }
    return 'refused';
  }

  private overdue(message: DispatchMessage, task: TaskNode, { node }: DeliveryFacts): FlowEvent {
    const { visit, attempt, dispatch } = message;
    const { timeoutMs, handler } = task;
    const text = `Expected an answer from a remote worker of '${handler}' within ${timeoutMs} ms, but there was none. Look whether any consumes 'sluice.task.${handler}', raise the timeout, or let it send heartbeats.`;
    const error = { code: 'TIMEOUT', message: text, permanent: false };
    this.parts.tally.count('task.overdue');
    const subject = node?.receipt?.subject ?? subjectOf(message, task);
    this.parts.probes.ended(nameOf(message));
    // Who handed it over may be gone, and with it whether it was a probe. In a half-open circuit it counts as one.
    this.parts.router.observe({ subject, probe: true }, { type: 'failed', ...error }, timeoutMs);
    return { type: 'task.failed', at: 0, node: message.node, visit, attempt, dispatch, error };
  }

  private commit({ instance, flow, version }: DispatchMessage, event: FlowEvent): Promise<Outcome> {
    return this.parts.commits.execute({ instance, flow, version, event });
  }
}

const nameOf = ({ instance, node, visit, attempt }: DispatchMessage): string =>
  attemptName(nodeInstanceId(instance, node, visit), attempt);

const subjectOf = (message: DispatchMessage, task: TaskNode): Subject =>
  message.subject ?? partnerOf(task.handler, message);
