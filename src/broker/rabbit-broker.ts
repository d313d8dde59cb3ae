import type { Config } from '../config/config.js';
import type { LaneName } from '../core/routing/lane.js';
import type { OrdersBus } from '../engine/health/orders/orders-bus.js';
import type { HealthBus, HealthChange, HealthReport } from '../engine/health/sharing/health-bus.js';
import {
  Broker,
  type BrokerState,
  type Consumer,
  type DeadDelivery,
  type Delivery,
  type LaneOfRules,
  type MessageDelivery,
  type OutgoingDispatch,
  type OutgoingEvent,
  type OutgoingTask,
  type ReplyDelivery,
  type StartDelivery,
} from '../engine/ports/broker.js';
import type { Log } from '../engine/ports/log.js';
import { ConsumeSide } from './consume/consume-side.js';
import { onDead, onLane, onStart, onUnrouted } from './consume/deliveries.js';
import { changesOf, nudgesOf, reportsOf } from './consume/health-words.js';
import { LiveTopology } from './publish/live-topology.js';
import { PublishSide } from './publish/publish-side.js';
import { onReply } from './remote/replies.js';
import { declareLanes } from './topology/declare.js';
import { type LaneKind, topologyOf } from './topology/topology.js';

export interface RabbitSettings {
  /** `amqp://…` or `amqps://…`, with the virtual host. */
  readonly url: string;
  readonly prefix: string;
  readonly delay: Config['delay'];
  readonly lanes?: LaneKind;
  /** How often everything is declared anew while all seems well. */
  readonly declareEveryMs?: number;
}

/** RabbitMQ from 3.10, on two connections: one publishes, one consumes. */
export class RabbitBroker extends Broker implements HealthBus, OrdersBus {
  readonly #topology: LiveTopology;
  /** Whether lanes count deliveries. */
  readonly #counts: boolean;
  readonly #publishing: PublishSide;
  readonly #consuming: ConsumeSide;
  #state: BrokerState = { ready: false, blocked: false, since: Date.now(), about: {} };
  #waiting: (() => void)[] = [];
  #closed = false;

  constructor(settings: RabbitSettings, log: Log) {
    super();
    this.#topology = new LiveTopology(topologyOf(settings.prefix, settings.lanes));
    this.#counts = settings.lanes !== 'transient';
    const changed = () => this.#changed();
    this.#publishing = new PublishSide(settings, this.#topology, log, changed);
    const declare = () => this.#publishing.declare();
    const remake = (queue: string) => this.#publishing.mend((channel) => channel.deleteQueue(queue));
    this.#consuming = new ConsumeSide(settings.url, declare, remake, log, changed);
  }

  override async open(signal?: AbortSignal): Promise<void> {
    this.#publishing.open();
    // Consumers need the queues, which the other side declares.
    await this.#until(() => this.#publishing.ready, signal);
    this.#consuming.open();
    await this.#until(() => this.#state.ready, signal);
  }

  override publish(dispatches: readonly OutgoingDispatch[]): Promise<readonly boolean[]> {
    return this.#publishing.publish(dispatches);
  }

  override announce(events: readonly OutgoingEvent[]): Promise<readonly boolean[]> {
    return this.#publishing.announce(events);
  }

  override consume(lane: LaneName, prefetch: number, on: (delivery: Delivery) => void): Promise<Consumer> {
    return this.#consuming.consume({
      queue: this.#topology.names.lane(lane),
      prefetch,
      disposable: true,
      on: onLane(on, this.#counts),
    });
  }

  override async useLanes(lanes: readonly LaneOfRules[]): Promise<void> {
    const isNew = this.#topology.use(lanes);
    // Without a connection, all of it is declared when there is one.
    if (!this.#publishing.ready) return;
    const stale = this.#topology.stale();
    if (!isNew && stale.length === 0) return;
    await this.#publishing.mend((channel) => declareLanes(channel, this.#topology));
    for (const lane of stale) this.#topology.unbound(lane);
  }

  override dropLane(lane: LaneName): Promise<void> {
    return this.#publishing.mend((channel) => channel.deleteQueue(this.#topology.names.lane(lane)));
  }

  override consumeStarts(prefetch: number, on: (delivery: StartDelivery) => void): Promise<Consumer> {
    return this.#consuming.consume({
      queue: this.#topology.names.intake,
      prefetch,
      disposable: false,
      on: onStart(on),
    });
  }

  override consumeMessages(prefetch: number, on: (delivery: MessageDelivery) => void): Promise<Consumer> {
    return this.#consuming.consume({
      queue: this.#topology.names.mailbox,
      prefetch,
      disposable: false,
      on: onStart(on),
    });
  }

  override async consumeDead(prefetch: number, on: (delivery: DeadDelivery) => void): Promise<Consumer> {
    const { names } = this.#topology;
    const consumers = await Promise.all([
      this.#consuming.consume({ queue: names.dead, prefetch, disposable: false, on: onDead(names, on) }),
      this.#consuming.consume({ queue: names.unrouted, prefetch, disposable: false, on: onUnrouted(on) }),
    ]);
    return { stop: async () => void (await Promise.all(consumers.map((consumer) => consumer.stop()))) };
  }

  report(report: HealthReport): Promise<void> {
    return this.#publishing.say('', this.#topology.names.reports, report);
  }

  maintain(on: (report: HealthReport) => Promise<void>): Promise<Consumer> {
    return this.#consuming.consume(reportsOf(this.#topology.names, on));
  }

  tell(change: HealthChange): Promise<void> {
    return this.#publishing.say(this.#topology.names.changes, '', change);
  }

  listen(on: (change: HealthChange) => void, missed: () => void): Promise<Consumer> {
    return this.#consuming.consume(changesOf(this.#topology.names, on, missed));
  }

  nudge(): Promise<void> {
    return this.#publishing.say(this.#topology.names.nudges, '', {});
  }

  heed(on: () => void): Promise<Consumer> {
    return this.#consuming.consume(nudgesOf(this.#topology.names, on));
  }

  override reachesWorkers(): boolean {
    return true;
  }

  override hand(tasks: readonly OutgoingTask[]): Promise<readonly boolean[]> {
    return this.#publishing.hand(tasks);
  }

  override consumeReplies(prefetch: number, on: (delivery: ReplyDelivery) => void): Promise<Consumer> {
    const queue = this.#topology.names.replies;
    return this.#consuming.consume({ queue, prefetch, disposable: false, on: onReply(on) });
  }

  override depth(lane: LaneName): Promise<number | null> {
    return this.#publishing.depth(lane);
  }

  override maxDelayMs(): number {
    return this.#publishing.maxDelayMs;
  }

  override state(): BrokerState {
    return this.#state;
  }

  override async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#consuming.close();
    await this.#publishing.close();
    for (const wake of this.#waiting) wake();
  }

  #changed(): void {
    const ready = this.#publishing.ready && this.#consuming.ready && !this.#closed;
    const since = ready === this.#state.ready ? this.#state.since : Date.now();
    const { isBlocked: blocked, about, faults } = this.#publishing;
    this.#state = { ready, blocked, since, about, ...(faults.length > 0 && { faults }) };
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  async #until(holds: () => boolean, signal: AbortSignal | undefined): Promise<void> {
    const wakeAll = () => this.#changed();
    signal?.addEventListener('abort', wakeAll);
    try {
      while (!holds()) {
        if (signal?.aborted || this.#closed) {
          await this.close();
          throw new Error('Expected the broker to become ready, but the wait for it was ended.');
        }
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
      }
    } finally {
      signal?.removeEventListener('abort', wakeAll);
    }
  }
}
