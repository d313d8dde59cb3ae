import type { Channel, ChannelModel } from 'amqplib';
import type { Config } from '../../config/config.js';
import type { LaneName } from '../../core/routing/lane.js';
import type { OutgoingDispatch, OutgoingEvent, OutgoingTask } from '../../engine/ports/broker.js';
import type { Log } from '../../engine/ports/log.js';
import { type DelayDriver, maxDelayOf, rungFor } from '../delay.js';
import { encode, messageIdOf } from '../envelope.js';
import { Link, type LinkListener, within } from '../link.js';
import { TaskQueues } from '../remote/task-queues.js';
import { declareTopology, hasDispatch } from '../topology/declare.js';
import { settleDriver } from '../topology/probe.js';
import type { LaneKind, Topology } from '../topology/topology.js';
import { DECLARE_TIMEOUT_MS, KeepTopology } from './keep-topology.js';
import { type Headed, PublishStream, type Puts } from './publish-stream.js';
import { Ways } from './ways.js';

/** How often a look at a lane also looks whether the exchange that delays end in is still there. */
const EXCHANGE_CHECK_MS = 10_000;
/** Nothing is lost with it that the next word would not tell. */
const WORD = { messageId: '', contentType: 'application/json', persistent: false };

export interface PublishSettings {
  readonly url: string;
  readonly delay: Config['delay'];
  readonly lanes?: LaneKind;
  readonly declareEveryMs?: number;
}

/** The connection that publishes, declares and counts. Apart from consuming: a publisher may be made to pause. */
export class PublishSide implements LinkListener {
  readonly #link: Link;
  readonly #ways: Ways;
  readonly #taskQueues: TaskQueues;
  readonly #keep: KeepTopology;
  #stream: PublishStream | null = null;
  #confirm: Channel | null = null;
  #utility: Channel | null = null;
  #driver: DelayDriver = 'database';
  #about: Readonly<Record<string, string>> = {};
  #blocked = false;
  #exchangeCheckedAt = 0;

  constructor(
    private readonly settings: PublishSettings,
    private readonly topology: Topology,
    private readonly log: Log,
    private readonly changed: () => void,
  ) {
    this.#link = new Link(settings.url, 'publish', this, log);
    this.#taskQueues = new TaskQueues(topology.names, log);
    this.#ways = new Ways(topology.names, settings.lanes !== 'transient');
    this.#keep = new KeepTopology({
      everyMs: settings.declareEveryMs,
      topology,
      log,
      connection: () => this.#link.connection,
      ready: () => this.ready,
      plugin: () => this.#driver === 'plugin',
      changed,
    });
  }

  get ready(): boolean {
    return this.#stream !== null;
  }
  get isBlocked(): boolean {
    return this.#blocked;
  }
  get about(): Readonly<Record<string, string>> {
    return this.#about;
  }
  /** What of the topology differs from what it should be. */
  get faults(): readonly string[] {
    return this.#keep.faults;
  }
  get maxDelayMs(): number {
    return maxDelayOf(this.#driver);
  }

  open(): void {
    this.#link.open();
    this.#keep.watch();
  }

  async close(): Promise<void> {
    this.#keep.end();
    this.down();
    await this.#link.close();
  }

  publish(dispatches: readonly OutgoingDispatch[]): Promise<readonly boolean[]> {
    if (!this.#stream || this.#blocked) return Promise.resolve(dispatches.map(() => false));
    return this.#stream.send(dispatches, this.#writeDispatch);
  }

  announce(events: readonly OutgoingEvent[]): Promise<readonly boolean[]> {
    if (!this.#stream || this.#blocked) return Promise.resolve(events.map(() => false));
    return this.#stream.send(events, ({ id, routingKey, body }, to) => {
      to.putText(this.#ways.ofEvent(routingKey), id, JSON.stringify(body));
    });
  }

  /** Sends one word that may be lost. */
  async say(exchange: string, routingKey: string, body: unknown): Promise<void> {
    if (!this.#stream || this.#blocked) return;
    await this.#stream.send([body], (word, to) => {
      to.put(exchange, routingKey, Buffer.from(JSON.stringify(word)), WORD);
    });
  }

  hand(tasks: readonly OutgoingTask[]): Promise<readonly boolean[]> {
    return this.#taskQueues.hand(tasks, this.#link.connection, this.#blocked ? null : this.#stream);
  }

  async depth(lane: LaneName): Promise<number | null> {
    const utility = this.#utility;
    // A connection that is blocked is not read by the broker.
    if (!utility || this.#blocked) return null;
    try {
      return await within(DECLARE_TIMEOUT_MS, this.#look(utility, lane));
    } catch {
      // Without an answer the channel never has one again; starts and the sweep must not wait for it.
      if (this.#utility !== utility) return null;
      this.down();
      this.#link.repair();
      return null;
    }
  }

  async #look(utility: Channel, lane: LaneName): Promise<number | null> {
    const connection = this.#link.connection;
    if (!connection) return null;
    if (Date.now() - this.#exchangeCheckedAt > EXCHANGE_CHECK_MS) {
      this.#exchangeCheckedAt = Date.now();
      if (!(await hasDispatch(connection, this.topology))) {
        this.log.warn('The dispatch exchange is gone, and with it all ends of delays; declaring everything anew.');
        await this.declare();
        return null;
      }
    }
    return (await utility.checkQueue(this.topology.names.lane(lane))).messageCount;
  }

  /** Declares everything once more, on a channel of its own. Rejects when there is no connection. */
  declare(): Promise<void> {
    return this.#keep.now();
  }

  /** Changes what is there, then declares everything. Rejects when there is no connection. */
  async mend(change: (channel: Channel) => Promise<unknown>): Promise<void> {
    if (!this.#utility) throw new Error('Expected a connection to change queues on, but there is none.');
    const changed = change(this.#utility).then(() => {});
    await within(DECLARE_TIMEOUT_MS, changed);
    await this.declare();
  }

  async setUp(connection: ChannelModel): Promise<void> {
    this.down();
    const channel = await this.#openUtility(connection);
    await this.#keep.first(declareTopology(connection, channel, this.topology));
    this.#driver = await settleDriver(this.settings.url, channel, this.topology, {
      wanted: this.settings.delay,
      log: this.log,
    });
    const { product = 'unknown', version = '' } = connection.connection.serverProperties;
    this.#about = { product: String(product), version: String(version), delay: this.#driver };
    const confirm = await connection.createConfirmChannel();
    const stream = new PublishStream(confirm, () => this.#keep.soon());
    this.#watch(confirm, () => {
      stream.giveUp();
      return this.#confirm === confirm;
    });
    this.#utility = channel;
    this.#confirm = confirm;
    this.#stream = stream;
    this.changed();
  }

  down(): void {
    const channels = [this.#confirm, this.#utility];
    this.#stream?.giveUp();
    this.#stream = null;
    this.#confirm = null;
    this.#utility = null;
    this.#blocked = false;
    this.#taskQueues.forget();
    // One of two may still be open, when the other has failed alone.
    for (const channel of channels) channel?.close().catch(() => {});
    this.changed();
  }

  blocked(blocked: boolean): void {
    this.#blocked = blocked;
    // What is under way stays in the socket till the broker goes on, which can be long: nobody shall wait for it.
    if (blocked) this.#stream?.giveUp();
    this.log.warn(blocked ? 'The broker asks publishers to pause.' : 'The broker takes messages again.');
    this.changed();
  }

  readonly #writeDispatch = ({ message, delayMs }: OutgoingDispatch, to: Puts): void => {
    const { lane } = message;
    const text = encode(message);
    const id = messageIdOf(message);
    if (delayMs <= 0) to.putText(this.#ways.toLane(lane), id, text);
    else if (delayMs > this.maxDelayMs) return;
    else if (this.#driver === 'ladder') to.putText(this.#ways.toRung(rungFor(delayMs), lane), id, text);
    else {
      // Never mandatory: the plugin returns every delayed message as unroutable and keeps it all the same.
      const headers = { 'x-delay': Math.ceil(delayMs) };
      const options: Headed = { messageId: id, contentType: 'application/json', persistent: true, headers };
      to.put(this.topology.names.delay, this.topology.names.laneKey(lane), Buffer.from(text), options);
    }
  };

  async #openUtility(connection: ChannelModel): Promise<Channel> {
    const channel = await connection.createChannel();
    this.#watch(channel, () => this.#utility === channel);
    return channel;
  }

  /** A channel that fails while in use is replaced, with everything that is declared: it may have been deleted. */
  #watch(channel: Channel, inUse: () => boolean): void {
    channel.on('error', (error) => this.log.warn('The broker closed a channel.', { reason: error.message }));
    channel.on('close', () => {
      if (!inUse()) return;
      this.down();
      this.#link.repair();
    });
  }
}
