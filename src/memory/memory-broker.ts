import type { Json, JsonObject } from '../core/json.js';
import { LANE_NAMES, type LaneName } from '../core/routing/lane.js';
import {
  Broker,
  type BrokerState,
  type Consumer,
  type DeadDelivery,
  type Delivery,
  type DispatchMessage,
  type LaneOfRules,
  type MessageDelivery,
  type OutgoingDispatch,
  type OutgoingEvent,
  type StartDelivery,
} from '../engine/ports/broker.js';
import type { Cancel, Clock } from '../engine/ports/clock.js';
import { MemoryBrokerQueue } from './memory-broker-queue.js';

/** Pointers that a lane holds, ready and delayed each. What does not fit is sent again by the sweep. */
const LANE_CAPACITY = 10_000;
const OTHER_CAPACITY = 10_000;
/** Deliveries of one queue in one turn of the event loop; between turns, sockets and timers get theirs. */
const TURN = 256;
const MAX_DELAY_MS = 24 * 3_600_000;

type Start = Omit<StartDelivery, 'ack' | 'release' | 'redelivered'>;
type Dead = Omit<DeadDelivery, 'ack' | 'release'>;

/** Properties of a start message; all may be left out. */
export type StartProperties = Partial<Pick<Start, 'messageId' | 'contentType' | 'contentEncoding' | 'headers'>>;

/**
 * The broker inside the process. Like the real one it keeps no truth: it is bounded, and empty after a restart. All
 * that passes is written to JSON and read again, so that nobody shares an object with the other side by accident.
 */
export class MemoryBroker extends Broker {
  readonly #lanes: Map<string, MemoryBrokerQueue<string>>;
  /** Named lanes that were used and are not open: what was delayed for them goes to `normal`. */
  readonly #left = new Set<string>();
  readonly #starts: MemoryBrokerQueue<Start>;
  readonly #messages: MemoryBrokerQueue<Start>;
  readonly #dead: MemoryBrokerQueue<Dead>;
  readonly #delayed = new Map<string, Set<Cancel>>();
  readonly #listeners = new Set<(event: OutgoingEvent) => void>();
  #turnAsked = false;
  #ready = false;
  #since: number;

  /** @param longestDelayMs the longest delay it takes; what is due later waits in the database. */
  constructor(
    private readonly clock: Clock,
    private readonly longestDelayMs = MAX_DELAY_MS,
  ) {
    super();
    this.#since = clock.now();
    const wake = () => this.#askForTurn();
    this.#lanes = new Map(LANE_NAMES.map((lane) => [lane, this.#lane()]));
    this.#starts = new MemoryBrokerQueue(OTHER_CAPACITY, wake);
    this.#messages = new MemoryBrokerQueue(OTHER_CAPACITY, wake);
    this.#dead = new MemoryBrokerQueue(OTHER_CAPACITY, wake);
  }

  get #queues(): readonly MemoryBrokerQueue<never>[] {
    const queues = [...this.#lanes.values(), this.#starts, this.#messages, this.#dead];
    return queues as unknown as MemoryBrokerQueue<never>[];
  }

  #lane(): MemoryBrokerQueue<string> {
    return new MemoryBrokerQueue<string>(LANE_CAPACITY, () => this.#askForTurn());
  }

  override async useLanes(lanes: readonly LaneOfRules[]): Promise<void> {
    for (const { name, leaving } of lanes) {
      if (!this.#lanes.has(name)) this.#lanes.set(name, this.#lane());
      if (leaving) this.#left.add(name);
      else this.#left.delete(name);
    }
  }

  override async dropLane(lane: LaneName): Promise<void> {
    this.#lanes.get(lane)?.clear();
    this.#lanes.delete(lane);
    this.#left.add(lane);
  }

  override async open(): Promise<void> {
    this.#setReady(true);
  }

  override async publish(dispatches: readonly OutgoingDispatch[]): Promise<readonly boolean[]> {
    return dispatches.map(({ message, delayMs }) => {
      const body = JSON.stringify(message);
      if (!this.#ready || delayMs > this.longestDelayMs) return false;
      return delayMs > 0 ? this.#delay(message.lane, body, delayMs) : this.publishRaw(message.lane, body);
    });
  }

  /** Puts a body into a lane as it is, readable or not. `false` when the lane is unknown or full. */
  publishRaw(lane: string, body: string): boolean {
    return this.#ready && (this.#lanes.get(lane)?.add(body) ?? false);
  }

  /** Hands in a start message. `false` when too many wait already. */
  publishStart(flow: string, body: Uint8Array | Json, properties: StartProperties = {}): boolean {
    return this.#ready && this.#starts.add(handedIn('start', flow, body, properties));
  }

  /** Hands in a message for flows that wait. `false` when too many lie there already. */
  publishMessage(name: string, body: Uint8Array | Json, properties: StartProperties = {}): boolean {
    return this.#ready && this.#messages.add(handedIn('messages', name, body, properties));
  }

  override async announce(events: readonly OutgoingEvent[]): Promise<readonly boolean[]> {
    if (!this.#ready) return events.map(() => false);
    const copies = events.map((event) => ({ ...event, body: copy(event.body) }));
    setImmediate(() => {
      for (const event of copies) for (const listener of this.#listeners) listener(event);
    });
    return events.map(() => true);
  }

  /** Hears every event that is announced from now on. Returns how to stop. */
  onEvent(listener: (event: OutgoingEvent) => void): Cancel {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  override async consume(lane: LaneName, prefetch: number, on: (delivery: Delivery) => void): Promise<Consumer> {
    const queue = this.#lanes.get(lane);
    if (!queue) throw new Error(`Expected one of the lanes ${LANE_NAMES.join(', ')}, but got '${lane}'.`);
    return queue.consume(prefetch, ({ content, redelivered, deliveries, ack, release }) => {
      const message = parse(content);
      if (message) return on({ message, redelivered, deliveries, ack, release });
      this.#bury(
        { code: 'UNDECODABLE', reason: 'Expected a dispatch in JSON, but got something else.' },
        lane,
        content,
      );
      ack();
    });
  }

  override async consumeStarts(prefetch: number, on: (delivery: StartDelivery) => void): Promise<Consumer> {
    return this.#starts.consume(prefetch, ({ content, redelivered, ack, release }) =>
      on({ ...content, redelivered, ack, release }),
    );
  }

  override async consumeMessages(prefetch: number, on: (delivery: MessageDelivery) => void): Promise<Consumer> {
    return this.#messages.consume(prefetch, ({ content, redelivered, ack, release }) =>
      on({ ...content, redelivered, ack, release }),
    );
  }

  override async consumeDead(prefetch: number, on: (delivery: DeadDelivery) => void): Promise<Consumer> {
    return this.#dead.consume(prefetch, ({ content, ack, release }) => on({ ...content, ack, release }));
  }

  override async depth(lane: LaneName): Promise<number | null> {
    return this.#lanes.get(lane)?.ready ?? null;
  }

  override maxDelayMs(): number {
    return this.longestDelayMs;
  }

  override state(): BrokerState {
    return { ready: this.#ready, blocked: false, since: this.#since, about: { product: 'in-process', delay: 'timer' } };
  }

  override async close(): Promise<void> {
    this.#setReady(false);
    for (const cancels of this.#delayed.values()) for (const cancel of cancels) cancel();
    this.#delayed.clear();
    for (const queue of this.#queues) queue.clear();
  }

  #delay(lane: string, body: string, delayMs: number): boolean {
    const waiting = this.#delayed.get(lane) ?? new Set();
    this.#delayed.set(lane, waiting);
    if (waiting.size >= LANE_CAPACITY) return false;
    const cancel = this.clock.schedule(delayMs, () => {
      waiting.delete(cancel);
      const to = this.#left.has(lane) ? 'normal' : lane;
      const reason = `Expected a lane named '${lane}', but there is none.`;
      if (!this.#lanes.has(to)) this.#bury({ code: 'UNROUTED', reason }, lane, body);
      else this.publishRaw(to, body);
    });
    waiting.add(cancel);
    return true;
  }

  #bury(why: Pick<Dead, 'code' | 'reason'>, lane: string, body: string): void {
    this.#dead.add({ ...why, body: bytes(body), headers: {}, exchange: 'dispatch', routingKey: lane });
  }

  /** One turn for all queues, however many messages came; a queue that has more to give gets another turn. */
  #askForTurn(): void {
    if (this.#turnAsked) return;
    this.#turnAsked = true;
    setImmediate(() => {
      this.#turnAsked = false;
      for (const queue of this.#queues) if (queue.deliver(TURN)) this.#askForTurn();
    });
  }

  #setReady(ready: boolean): void {
    if (ready !== this.#ready) this.#since = this.clock.now();
    this.#ready = ready;
  }
}

const encoder = new TextEncoder();
const bytes = (text: string): Uint8Array => encoder.encode(text);
const copy = (value: Json): Json => JSON.parse(JSON.stringify(value)) as Json;

const handedIn = (exchange: string, key: string, body: Uint8Array | Json, properties: StartProperties): Start => ({
  flow: key,
  body: body instanceof Uint8Array ? body.slice() : bytes(JSON.stringify(body)),
  messageId: properties.messageId ?? null,
  contentType: properties.contentType ?? 'application/json',
  contentEncoding: properties.contentEncoding ?? null,
  headers: copy(properties.headers ?? {}) as JsonObject,
  exchange,
  routingKey: key,
});

function parse(body: string): DispatchMessage | undefined {
  try {
    const message = JSON.parse(body) as DispatchMessage | null;
    return typeof message?.instance === 'string' ? message : undefined;
  } catch {
    return undefined;
  }
}
