import type { Json, JsonObject } from '../../core/json.js';
import type { LaneName } from '../../core/routing/lane.js';

/** The message of one dispatch: a pointer, never a payload. */
export interface DispatchMessage {
  readonly instance: string;
  readonly flow: string;
  readonly version: number;
  readonly node: string;
  readonly visit: number;
  readonly attempt: number;
  readonly dispatch: number;
  readonly kind: 'task' | 'timer';
  readonly handler: string | null;
  readonly lane: LaneName;
  /** When it is due; database time in milliseconds. */
  readonly wakeAt: number;
  /** Whose health counts, where that is more than the handler. */
  readonly subject?: string;
  /** It was sent to wait: a person may have moved it meanwhile, so its row is read before it runs. */
  readonly delayed?: true;
}

/** One dispatch to send. Not before `delayMs` from now; a delay driver may deliver early, then the engine sends it on. */
export interface OutgoingDispatch {
  readonly message: DispatchMessage;
  readonly delayMs: number;
}

/** A dispatch that arrived. It is the engine's until settled; settling twice, or after a reconnect, is harmless. */
export interface Delivery {
  readonly message: DispatchMessage;
  readonly redelivered: boolean;
  /** How often this message was delivered, this time included; absent when the broker does not tell. */
  readonly deliveries?: number;
  /** Takes it off the broker. Adapters may gather acknowledgements. */
  ack(): void;
  /** Gives it back, to be delivered again. For stopping; never in a loop. */
  release(): void;
}

/** A start message as it came; nothing in it is trusted. */
export interface StartDelivery {
  readonly flow: string;
  readonly body: Uint8Array;
  readonly messageId: string | null;
  readonly contentType: string | null;
  readonly contentEncoding: string | null;
  readonly headers: JsonObject;
  readonly exchange: string;
  readonly routingKey: string;
  readonly redelivered: boolean;
  ack(): void;
  release(): void;
}

/** An attempt for workers outside, with all that they need: they see no database. */
export interface OutgoingTask {
  /** The task's name, which names the queue. */
  readonly task: string;
  /** Equal when the same attempt is sent again. */
  readonly messageId: string;
  /** What an answer must bring back. */
  readonly correlationId: string;
  /** JSON in UTF-8. */
  readonly body: Uint8Array;
  readonly headers: JsonObject;
  /** After so long nobody waits for an answer any more, and the message may go. */
  readonly expiresMs: number;
}

/** What a worker outside answered, as it came; nothing in it is trusted. */
export interface ReplyDelivery extends Omit<StartDelivery, 'flow' | 'messageId'> {
  readonly correlationId: string | null;
}
/** A message for flows that wait, as it came; its name is the routing key, and nothing in it is trusted. */
export type MessageDelivery = Omit<StartDelivery, 'flow'>;

/** A message that the broker itself gave up on, or that could not be decoded. */
export interface DeadDelivery {
  readonly code: 'UNDECODABLE' | 'DELIVERY_LIMIT' | 'UNROUTED';
  readonly reason: string;
  readonly body: Uint8Array;
  /** The dispatch that it was, if it can be read as one. */
  readonly dispatch?: DispatchMessage;
  /** Set when it was a start message. */
  readonly start?: Pick<StartDelivery, 'messageId' | 'contentType' | 'contentEncoding'>;
  readonly headers: JsonObject;
  readonly exchange: string;
  readonly routingKey: string;
  ack(): void;
  release(): void;
}

/** An event for the outside: `instance.completed.loan_disbursement`. */
export interface OutgoingEvent {
  readonly id: string;
  readonly routingKey: string;
  readonly body: Json;
}

/** A lane that a rule has named. `leaving`: nothing more is sent there, and what is delayed for it goes to `normal`. */
export interface LaneOfRules {
  readonly name: LaneName;
  readonly leaving: boolean;
}

/** Stops the deliveries of one consumer; what is in hand stays with the engine. */
export interface Consumer {
  stop(): Promise<void>;
}

export interface BrokerState {
  /** Connected for publishing and consuming, and the topology is in place. */
  readonly ready: boolean;
  /** The broker has asked publishers to pause. */
  readonly blocked: boolean;
  /** Process time at which `ready` last changed. */
  readonly since: number;
  /** What is known of the far end: product, version, delay driver. */
  readonly about: Readonly<Record<string, string>>;
  /** Queues and exchanges that are there and differ from what they should be; absent when all is well. */
  readonly faults?: readonly string[];
}

/**
 * A fast and forgetful notifier: it may lose, repeat and reorder everything. Both adapters reconnect by themselves
 * and pass one contract suite.
 */
export abstract class Broker {
  /** Connects and declares the topology. Resolves when ready; keeps trying until `signal` aborts. */
  abstract open(signal?: AbortSignal): Promise<void>;

  /**
   * Sends dispatches. Answers per message, in order: `true` when the broker has it in a queue, `false` when it is
   * returned, refused or unknown (the sweep will find it). Never rejects; takes at most 10 s. A delay above
   * `maxDelayMs()` is refused.
   */
  abstract publish(dispatches: readonly OutgoingDispatch[]): Promise<readonly boolean[]>;

  /** Sends events to the outside; answers like `publish`. */
  abstract announce(events: readonly OutgoingEvent[]): Promise<readonly boolean[]>;

  /** Consumes a lane, with at most `prefetch` unsettled deliveries. Survives reconnects. */
  abstract consume(lane: LaneName, prefetch: number, on: (delivery: Delivery) => void): Promise<Consumer>;

  /** The lanes beside the built-in ones, from now on: those that are missing are made. May be called before `open`. */
  async useLanes(_lanes: readonly LaneOfRules[]): Promise<void> {}

  /** Takes away the queue of a lane that is used no more, with what lies in it. Rejects when it cannot be told. */
  async dropLane(_lane: LaneName): Promise<void> {}

  abstract consumeStarts(prefetch: number, on: (delivery: StartDelivery) => void): Promise<Consumer>;

  abstract consumeMessages(prefetch: number, on: (delivery: MessageDelivery) => void): Promise<Consumer>;

  /** Messages that were undecodable, unroutable or over the delivery limit. */
  abstract consumeDead(prefetch: number, on: (delivery: DeadDelivery) => void): Promise<Consumer>;

  /** Whether there are queues that workers outside can consume; the broker in this process has none. */
  reachesWorkers(): boolean {
    return false;
  }

  /** Puts attempts into the queues of remote workers, making those queues where they are missing; answers like `publish`. */
  async hand(tasks: readonly OutgoingTask[]): Promise<readonly boolean[]> {
    return tasks.map(() => false);
  }

  /** Consumes what workers outside answer. Where there are none, nothing ever comes. */
  async consumeReplies(_prefetch: number, _on: (delivery: ReplyDelivery) => void): Promise<Consumer> {
    return { stop: async () => {} };
  }

  /** Messages that lie ready in the lane, none in hand counted; `null` when it cannot be told. Evidence for the sweep. */
  abstract depth(lane: LaneName): Promise<number | null>;

  /** The longest delay the broker takes, in milliseconds; 0 when it takes none. May change with a reconnect. */
  abstract maxDelayMs(): number;

  abstract state(): BrokerState;

  /** Flushes acknowledgements and closes. Unsettled deliveries go back. */
  abstract close(): Promise<void>;
}
