import type { LaneName } from '../../../src/core/routing/lane.js';
import {
  Broker,
  type BrokerState,
  type Consumer,
  type Delivery,
  type DispatchMessage,
  type MessageDelivery,
  type OutgoingDispatch,
  type OutgoingEvent,
  type OutgoingTask,
  type ReplyDelivery,
  type StartDelivery,
} from '../../../src/engine/ports/broker.js';
import type { Clock } from '../../../src/engine/ports/clock.js';
import type { Calls } from './calls.js';
import type { Lanes, LetterMessage, Parcel, QueueName, ReplyMessage, StartMessage } from './lanes.js';

interface ConnectionWays {
  /** The longest delay that the broker takes. */
  readonly longestMs: number;
  /** Acknowledgements are gathered, and flushed by a step of their own. */
  readonly gathers: boolean;
  /** Deliveries tell how often they were made. */
  readonly counting: boolean;
  /** Sees every dispatch that is given to the engine. */
  readonly watch: (message: DispatchMessage) => void;
}

/** A message that this engine has and has not settled. */
interface Hand {
  readonly parcel: Parcel;
  readonly source: Source;
  settled: boolean;
}

interface Source {
  readonly prefetch: number;
  readonly on: (hand: Hand) => void;
  open: boolean;
  inHand: number;
}

/** One engine's connection to the broker of its world. It can be cut and come back; then all that was in hand goes back. */
export class Connection extends Broker {
  readonly sources = new Map<QueueName, Source>();
  readonly hands = new Set<Hand>();
  /** Acknowledged, but the acknowledgement has not left this process. */
  unflushed: Hand[] = [];
  ready = false;
  blocked = false;
  private since: number;

  constructor(
    private readonly lanes: Lanes,
    private readonly calls: Calls,
    private readonly clock: Clock,
    private readonly how: ConnectionWays,
  ) {
    super();
    this.since = clock.now();
  }

  override async open(): Promise<void> {
    this.ready = true;
    this.since = this.clock.now();
  }

  override publish(dispatches: readonly OutgoingDispatch[]): Promise<readonly boolean[]> {
    const none = async (): Promise<readonly boolean[]> => dispatches.map(() => false);
    return this.calls.make(
      'publish',
      async (fate) => {
        if (fate === 'odd') return dispatches.map(() => true);
        return dispatches.map((dispatch) => {
          if (!this.ready || dispatch.delayMs > this.how.longestMs) return false;
          this.lanes.send(dispatch);
          return true;
        });
      },
      {
        fates: { refused: 'unsent', lost: 'unconfirmed', slow: 'slow', odd: 'swallowed' },
        refuse: none,
        lose: none,
      },
    );
  }

  override announce(events: readonly OutgoingEvent[]): Promise<readonly boolean[]> {
    return this.calls.make('announce', async () => events.map(() => this.ready), { fates: { slow: 'slow' } });
  }

  override async consume(lane: LaneName, prefetch: number, on: (delivery: Delivery) => void): Promise<Consumer> {
    return this.source(lane, prefetch, (hand) => {
      const message = { ...(hand.parcel.content as DispatchMessage) };
      this.how.watch(message);
      on({ ...this.settling(hand), message });
    });
  }

  override async consumeStarts(prefetch: number, on: (delivery: StartDelivery) => void): Promise<Consumer> {
    return this.source('starts', prefetch, (hand) =>
      on({ ...this.settling(hand), ...(hand.parcel.content as StartMessage) }),
    );
  }

  override async consumeMessages(prefetch: number, on: (delivery: MessageDelivery) => void): Promise<Consumer> {
    return this.source('messages', prefetch, (hand) =>
      on({ ...this.settling(hand), ...(hand.parcel.content as LetterMessage) }),
    );
  }

  override reachesWorkers(): boolean {
    return true;
  }

  override hand(tasks: readonly OutgoingTask[]): Promise<readonly boolean[]> {
    const none = async (): Promise<readonly boolean[]> => tasks.map(() => false);
    return this.calls.make(
      'hand',
      async (fate) => {
        if (!this.ready) return none();
        if (fate !== 'odd') this.lanes.tasks.push(...tasks);
        return tasks.map(() => true);
      },
      { fates: { refused: 'unsent', lost: 'unconfirmed', slow: 'slow', odd: 'swallowed' }, refuse: none, lose: none },
    );
  }

  override async consumeReplies(prefetch: number, on: (reply: ReplyDelivery) => void): Promise<Consumer> {
    return this.source('replies', prefetch, (hand) =>
      on({ ...this.settling(hand), ...(hand.parcel.content as ReplyMessage) }),
    );
  }

  override async consumeDead(): Promise<Consumer> {
    return { stop: async () => {} };
  }

  override depth(lane: LaneName): Promise<number | null> {
    return this.calls.make<number | null>('depth', async () => this.lanes.queues.get(lane)?.length ?? 0, {
      fates: { refused: 'blind', slow: 'slow' },
      refuse: async () => null,
    });
  }

  override maxDelayMs(): number {
    return this.how.longestMs;
  }

  override state(): BrokerState {
    return { ready: this.ready, blocked: this.blocked, since: this.since, about: {} };
  }

  override async close(): Promise<void> {
    this.flush();
    this.cut();
  }

  canTake(name: QueueName): boolean {
    const source = this.sources.get(name);
    return this.ready && source?.open === true && source.inHand < source.prefetch;
  }

  /** Hands the message at a place of a queue to the engine. */
  take(name: QueueName, place: number): void {
    const source = this.sources.get(name) as Source;
    const queue = this.lanes.queueOf(name);
    const [parcel] = queue.splice(place, 1) as [Parcel];
    const hand: Hand = { parcel, source, settled: false };
    this.hands.add(hand);
    source.inHand++;
    source.on(hand);
  }

  /** The acknowledgements so far reach the broker. */
  flush(): void {
    for (const hand of this.unflushed) this.hands.delete(hand);
    this.unflushed = [];
  }

  /** The connection is gone: what the broker has no acknowledgement for goes back, and what comes late is void. */
  cut(): number {
    const back = [...this.hands];
    this.hands.clear();
    this.unflushed = [];
    for (const hand of back.reverse()) {
      hand.settled = true;
      this.lanes.putBack(hand.parcel);
    }
    for (const source of this.sources.values()) source.inHand = 0;
    if (this.ready) this.since = this.clock.now();
    this.ready = false;
    return back.length;
  }

  comeBack(): void {
    this.ready = true;
    this.since = this.clock.now();
  }

  private source(name: QueueName, prefetch: number, on: Source['on']): Consumer {
    const source: Source = { prefetch, on, open: true, inHand: 0 };
    this.sources.set(name, source);
    return {
      stop: async () => {
        source.open = false;
      },
    };
  }

  private settling(hand: Hand): Pick<Delivery, 'redelivered' | 'deliveries' | 'ack' | 'release'> {
    const settle = (done: () => void) => (): void => {
      if (hand.settled) return;
      hand.settled = true;
      hand.source.inHand--;
      done();
    };
    return {
      redelivered: hand.parcel.delivered > 0,
      ...(this.how.counting && { deliveries: hand.parcel.delivered + 1 }),
      ack: settle(() => {
        if (this.how.gathers) this.unflushed.push(hand);
        else this.hands.delete(hand);
      }),
      release: settle(() => {
        this.hands.delete(hand);
        this.lanes.putBack(hand.parcel);
      }),
    };
  }
}
