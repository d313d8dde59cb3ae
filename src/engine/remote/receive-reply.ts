import type { TaskNode } from '../../core/definition/definition.js';
import { taskAt } from '../../core/definition/handlers.js';
import type { FlowEvent } from '../../core/flow/event.js';
import { nodeInstanceId } from '../../core/flow/instance.js';
import { partnerOf } from '../../core/routing/subject.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Router } from '../health/router.js';
import type { DatabaseClock } from '../intake/database-clock.js';
import type { DeliveryReader } from '../intake/delivery-reader.js';
import type { Refuse } from '../intake/refuse.js';
import type { ReplyDelivery } from '../ports/broker.js';
import type { Catalog } from '../ports/catalog.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Republish } from '../repair/republish.js';
import type { Tally } from '../tally.js';
import { whileAway } from '../while-away.js';
import { type Correlation, readCorrelation } from './correlation.js';
import { attemptName, type Probes } from './probes.js';
import { type Reply, readReply } from './read-reply.js';

export interface ReceiveReplyParts {
  readonly catalog: Catalog;
  readonly commits: CommitEvents;
  readonly reader: DeliveryReader;
  readonly republish: Republish;
  readonly refuse: Refuse;
  readonly router: Router;
  readonly probes: Probes;
  readonly databaseClock: DatabaseClock;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
}

/**
 * Takes what a remote worker answered. An answer that cannot be used goes to the quarantine, and its attempt waits on:
 * a better one may come, else its time runs out. One that comes twice, or late, is a rejection like any other word.
 */
export class ReceiveReply {
  constructor(private readonly parts: ReceiveReplyParts) {}

  async execute(delivery: ReplyDelivery): Promise<void> {
    this.parts.tally.count('reply.taken');
    try {
      await this.take(delivery);
    } catch (fault) {
      this.parts.log.error('An answer of a worker could not be handled and goes back to the broker.', {
        correlationId: delivery.correlationId,
        fault: String(fault),
      });
      delivery.release();
    }
  }

  private async take(delivery: ReplyDelivery): Promise<void> {
    const { refuse, commits, tally, clock, republish } = this.parts;
    const about = readCorrelation(delivery.correlationId);
    if (!about) return refuse.reply(delivery, 'BAD_CORRELATION', NO_CORRELATION);
    const read = readReply(delivery);
    if (!read.ok) return refuse.reply(delivery, read.error.code, read.error.message);
    const { instance, flow, version, node, visit } = about;
    const key = nodeInstanceId(instance, node, visit);
    if (read.value.idempotencyKey !== key)
      return refuse.reply(delivery, 'WRONG_KEY', wrongKey(key, read.value.idempotencyKey));
    const task = await this.taskOf(about);
    if (!task) return refuse.reply(delivery, 'NOT_REMOTE', `Expected '${node}' to be a remote task, but it is none.`);

    const outcome = await commits.execute({ instance, flow, version, event: eventOf(about, read.value) });
    if (outcome.type === 'unknown')
      return refuse.reply(delivery, 'UNKNOWN_INSTANCE', `Expected an instance ${instance}, but there is none.`);
    if (outcome.type === 'applied') await this.observe(about, read.value, task);
    else {
      tally.count(`rejected.${outcome.rejection.reason}`);
      // Who had it before may have died between the commit and the publishing of what comes next.
      if (delivery.redelivered || outcome.doubtful)
        await whileAway(clock, () => republish.successors({ instance, flow, version, node, visit }));
    }
    delivery.ack();
  }

  private async taskOf({ flow, version, node, visit }: Correlation): Promise<TaskNode | null> {
    const { catalog, clock } = this.parts;
    const published = catalog.cached(flow, version) ?? (await whileAway(clock, () => catalog.get(flow, version)));
    const found = published?.definition.nodes.get(node);
    return found?.kind === 'task' && found.remote ? taskAt(found, visit) : null;
  }

  /** Like a handler of this process, but by the worker's own clock: how long it lay in the queue tells nothing of it. */
  private async observe(about: Correlation, { outcome, tookMs }: Reply, task: TaskNode): Promise<void> {
    if (outcome === null) return;
    const { reader, router, probes, databaseClock } = this.parts;
    const { instance, node, visit, attempt, flow, sentAt, probe } = about;
    if (probe) probes.ended(attemptName(nodeInstanceId(instance, node, visit), attempt));
    const row = task.circuit ? (await reader.read({ instance, node, visit, needs: null })).node : null;
    const subject = row?.receipt?.subject ?? partnerOf(task.handler, { flow, node });
    const passedMs = Math.max(0, databaseClock.now() - sentAt);
    router.observe({ subject, probe }, outcome, Math.min(tookMs ?? passedMs, passedMs));
  }
}

function eventOf({ node, visit, attempt, polls }: Correlation, { outcome }: Reply): FlowEvent {
  const about = { at: 0, node, visit, attempt };
  if (outcome === null) return { type: 'task.beat', ...about };
  switch (outcome.type) {
    case 'completed':
      return { type: 'task.completed', ...about, output: outcome.output };
    case 'polled':
      return { type: 'task.polled', ...about, polls, delayMs: outcome.delayMs };
    case 'failed': {
      const { code, message, permanent } = outcome;
      return { type: 'task.failed', ...about, error: { code, message, permanent } };
    }
  }
}

const NO_CORRELATION =
  'Expected the correlation id of the task that is answered, but it is missing or another. Copy it from the task.';

const wrongKey = (expected: string, got: string): string =>
  `Expected the idempotency key '${expected}', which belongs to the correlation id, but got '${got.slice(0, 200)}'. The worker has mixed up two tasks.`;
