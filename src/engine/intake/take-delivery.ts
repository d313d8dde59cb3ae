import type { TaskNode } from '../../core/definition/definition.js';
import { graphOf } from '../../core/definition/graph.js';
import { callAt, taskAt } from '../../core/definition/handlers.js';
import { type EachRule, ITEMS_FROM } from '../../core/definition/work/each.js';
import type { FlowEvent } from '../../core/flow/event.js';
import { nodeInstanceId } from '../../core/flow/instance.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Outbox } from '../commit/outbox.js';
import type { Outcome } from '../commit/pending.js';
import type { KeepLanes } from '../health/lanes/keep-lanes.js';
import type { Delivery, DispatchMessage } from '../ports/broker.js';
import type { Catalog, Published } from '../ports/catalog.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { DeliveryFacts, ScopeNeeds } from '../ports/store.js';
import type { HandOver } from '../remote/hand-over.js';
import type { Republish } from '../repair/republish.js';
import { needsOfCall, type RunCall } from '../start/calls/run-call.js';
import type { Tally } from '../tally.js';
import { whileAway } from '../while-away.js';
import { needsOf } from './build-input.js';
import type { DatabaseClock } from './database-clock.js';
import type { DeliveryReader } from './delivery-reader.js';
import type { InHand } from './in-hand.js';
import type { KnownInputs } from './known-inputs.js';
import type { Leases } from './leases.js';
import type { Refuse } from './refuse.js';
import type { RunAttempt } from './run-attempt.js';
import { isSuspect, type Suspects } from './suspects.js';
import { isFresh, timerEvent, verdict } from './verdict.js';
import { needsOfList, type RunEach } from './work/each.js';
import type { Withdrawals } from './work/stops/withdrawals.js';

export interface TakeDeliveryParts {
  readonly catalog: Catalog;
  readonly reader: DeliveryReader;
  readonly runAttempt: RunAttempt;
  readonly runCall: RunCall;
  readonly runEach: RunEach;
  readonly handOver: HandOver;
  readonly leases: Leases;
  readonly commits: CommitEvents;
  readonly outbox: Outbox;
  readonly republish: Republish;
  readonly refuse: Refuse;
  readonly suspects: Suspects;
  readonly inHand: InHand;
  readonly withdrawals: Withdrawals;
  readonly lanes?: Pick<KeepLanes, 'groups'>;
  readonly stop: AbortSignal;
  readonly knownInputs: KnownInputs;
  readonly databaseClock: DatabaseClock;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
  readonly checkpoint: Checkpoint;
}

/** Takes one delivery from the broker to its settled event: guard, run the handler, commit, acknowledge. */
export class TakeDelivery {
  constructor(private readonly parts: TakeDeliveryParts) {}

  async execute(arrived: Delivery): Promise<void> {
    const { inHand, tally, log } = this.parts;
    tally.count('delivery.taken');
    this.parts.checkpoint.reach('delivered');
    const delivery = inHand.take(arrived);
    if (!delivery) return tally.count('delivery.copy');
    const { message } = delivery;
    try {
      await this.take(delivery);
    } catch (fault) {
      // Nothing known throws here. What does, is left to the broker: its delivery limit ends in the quarantine.
      log.error('A delivery could not be handled and goes back to the broker.', {
        instance: message.instance,
        node: message.node,
        fault: String(fault),
      });
      tally.count('delivery.released');
      delivery.release();
    } finally {
      inHand.drop(delivery);
    }
  }

  private async take(delivery: Delivery): Promise<void> {
    const { message } = delivery;
    const { flow, version } = message;
    const published = this.parts.catalog.cached(flow, version) ?? (await this.definition(message));
    if (typeof published === 'string') return this.unreadable(delivery, published);
    const node = published?.definition.nodes.get(message.node);
    if (!node)
      return this.parts.refuse.dispatch(
        delivery,
        'UNKNOWN_NODE',
        `Expected flow '${message.flow}' version ${message.version} to have a node '${message.node}', but it has none.`,
      );

    const task = node.kind === 'task' ? taskAt(node, message.visit) : null;
    const call = node.kind === 'call' ? callAt(node, message.visit) : null;
    const { withdraws } = graphOf((published as Published).definition);
    const { each } = node as { readonly each?: EachRule };
    const ordinary = message.visit < ITEMS_FROM;
    const whole = ordinary && each ? each : null;
    const needs = whole ? needsOfList(whole) : task ? needsOf(task, message.attempt) : call && needsOfCall(call);
    // A fresh delivery whose handler needs nothing, or only an input that is known here, is run unread: the
    // completion's own guard decides all the same.
    const known = needs === null ? {} : this.known(message.instance, needs);
    const remote = task?.remote === true && this.parts.handOver.reaches();
    const unread = known !== null && !call && ordinary && !each && !delivery.redelivered && !message.delayed && !remote;
    const groups = this.parts.lanes?.groups;
    if (unread && isFresh(message, this.parts.databaseClock.now(), groups))
      return this.perform(delivery, task, known, withdraws);

    let facts = await this.parts.reader.read({
      instance: message.instance,
      node: message.node,
      visit: message.visit,
      needs,
    });
    if (!facts.node)
      return this.parts.refuse.dispatch(
        delivery,
        'UNKNOWN_NODE_INSTANCE',
        `Expected a node instance ${nodeInstanceId(message.instance, message.node, message.visit)}, but there is none.`,
      );
    if (needs?.input) this.parts.knownInputs.put(message.instance, facts.input);
    switch (verdict(message, facts.node, this.parts.databaseClock.now())) {
      case 'stale':
        return this.dropStale(delivery);
      case 'early':
        return this.sendOn(delivery);
      case 'due':
        if (whole) return this.offer(delivery, await this.parts.runEach.whole(message, whole, facts));
        if (!ordinary) facts = await this.parts.runEach.withOwn(message, { ...task, ...(each && { each }) }, facts);
        if (call) return this.offer(delivery, await this.parts.runCall.execute(message, call, facts));
        if (task && remote)
          return this.parts.handOver.execute(delivery, task, facts, {
            settle: (outcome) => this.settle(delivery, outcome),
            drop: () => this.dropStale(delivery),
          });
        return task && isSuspect(delivery)
          ? this.parts.suspects.run(delivery, {
              perform: () => this.perform(delivery, task, facts, withdraws),
              settle: (outcome) => this.settle(delivery, outcome),
            })
          : this.perform(delivery, task, facts, withdraws);
    }
  }

  /** This release cannot read the definition. Whoever commits the event will find that out too, and tell a person. */
  private async unreadable(delivery: Delivery, message: string): Promise<void> {
    const { instance, flow, version, kind, node, visit, attempt } = delivery.message;
    const error = { code: 'INTERNAL', message, permanent: true };
    const failed: FlowEvent = { type: 'task.failed', at: 0, node, visit, attempt, error };
    const event = kind === 'task' ? failed : timerEvent(delivery.message);
    await this.settle(delivery, await this.parts.commits.execute({ instance, flow, version, event }));
  }

  /** The facts that a task needs, if this process has them; else `null`. */
  private known(instance: string, { input, vars, outputs }: ScopeNeeds): Partial<DeliveryFacts> | null {
    if (!input || vars || outputs === 'all' || outputs.length > 0) return null;
    const known = this.parts.knownInputs.get(instance);
    return known === undefined ? null : { input: known };
  }

  /** A text: why it cannot be read. */
  private definition({ flow, version }: DispatchMessage): Promise<Published | null | string> {
    const { catalog, clock } = this.parts;
    return whileAway(clock, () => catalog.get(flow, version)).catch((fault: unknown) => String(fault));
  }

  private async perform(
    delivery: Delivery,
    task: TaskNode | null,
    facts: Partial<DeliveryFacts>,
    withdraws: boolean,
  ): Promise<void> {
    const { message } = delivery;
    if (task?.lease) return this.settle(delivery, await this.parts.leases.begin(message, task, facts));
    if (task && withdraws) return this.performWatched(delivery, task, facts);
    const event = task ? await this.parts.runAttempt.execute(message, task, facts) : timerEvent(message);
    // Undefined: the engine stops, and the attempt was cut. It costs nothing; the broker delivers it again.
    if (!event) return delivery.release();
    await this.offer(delivery, event);
  }

  /** The node instance may be withdrawn while its handler runs, which is then told to stop. */
  private async performWatched(delivery: Delivery, task: TaskNode, facts: Partial<DeliveryFacts>): Promise<void> {
    const { runAttempt, withdrawals, stop } = this.parts;
    const watched = withdrawals.watch(delivery.message, stop);
    try {
      const event = await runAttempt.execute(delivery.message, task, facts, watched.stop);
      if (event) await this.offer(delivery, event);
      else if (watched.isWithdrawn) delivery.ack();
      else delivery.release();
    } finally {
      watched.end();
    }
  }

  private async offer(delivery: Delivery, event: FlowEvent): Promise<void> {
    const { message } = delivery;
    const outcome = await this.parts.commits.execute({
      instance: message.instance,
      flow: message.flow,
      version: message.version,
      event,
    });
    await this.settle(delivery, outcome);
  }

  private async settle(delivery: Delivery, outcome: Outcome): Promise<void> {
    if (outcome.type === 'applied') {
      delivery.ack();
      return this.parts.checkpoint.reach('acknowledged');
    }
    if (outcome.type === 'unknown')
      return this.parts.refuse.dispatch(
        delivery,
        'UNKNOWN_INSTANCE',
        `Expected an instance ${delivery.message.instance}, but there is none.`,
      );
    this.parts.tally.count(`rejected.${outcome.rejection.reason}`);
    return this.dropStale(delivery, outcome.doubtful);
  }

  /**
   * A duplicate. Had the engine died between commit and publish, or lost the commit's answer, this is where its
   * successors are sent again.
   */
  private async dropStale(delivery: Delivery, doubtful = false): Promise<void> {
    this.parts.tally.count('delivery.stale');
    if (delivery.redelivered || doubtful)
      await whileAway(this.parts.clock, () => this.parts.republish.successors(delivery.message));
    delivery.ack();
  }

  /** Too early: the delay driver took the largest rung below the delay. The rest is one more delay, not an attempt. */
  private async sendOn(delivery: Delivery): Promise<void> {
    const { message } = delivery;
    this.parts.tally.count('delivery.early');
    await this.parts.outbox.send([
      { message, delayMs: Math.max(1, Math.ceil(message.wakeAt - this.parts.databaseClock.now())) },
    ]);
    delivery.ack();
  }
}
