import type { ChannelModel } from 'amqplib';
import type { Log } from '../../engine/ports/log.js';
import { within } from '../link.js';
import { declareApart, declarePlugin, declareTopology, isMismatch } from '../topology/declare.js';
import type { Topology } from '../topology/topology.js';

/** How often everything is declared anew while all seems well: what somebody deleted may be missed by nobody here. */
const EVERY_MS = 30_000;
/**
 * How long after a returned message everything is declared anew, as its queue may have been deleted. Not at once: a
 * quorum queue that is back before its consumers have heard of its end keeps them on RabbitMQ 3.10, and gives them
 * nothing.
 */
const AFTER_RETURN_MS = 1_000;
/** A node that has just come up may leave a declaration without an answer for ever; consumers wait for it. */
export const DECLARE_TIMEOUT_MS = 5_000;
/** One after another takes longer than all at once. */
const APART_TIMEOUT_MS = 15_000;

export interface TopologyPlace {
  readonly topology: Topology;
  readonly log: Log;
  /** The connection of now; `null` while there is none. */
  readonly connection: () => ChannelModel | null;
  /** Whether everything was declared on it before. */
  readonly ready: () => boolean;
  readonly plugin: () => boolean;
  readonly changed: () => void;
  /** How often everything is declared anew while all seems well. */
  readonly everyMs?: number | undefined;
}

/** Keeps everything declared that is declared when a connection opens, and knows what cannot be. */
export class KeepTopology {
  #declaring: Promise<void> | null = null;
  #soon: NodeJS.Timeout | null = null;
  #every: NodeJS.Timeout | null = null;
  #faults: readonly string[] = [];

  constructor(private readonly place: TopologyPlace) {}

  /** What is there with other arguments than it should have, in the broker's words. */
  get faults(): readonly string[] {
    return this.#faults;
  }

  watch(): void {
    this.#every ??= setInterval(() => this.#declareIfReady(), this.place.everyMs ?? EVERY_MS).unref();
  }

  end(): void {
    if (this.#every) clearInterval(this.#every);
    if (this.#soon) clearTimeout(this.#soon);
  }

  soon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      this.#declareIfReady();
    }, AFTER_RETURN_MS).unref();
  }

  /** Declares everything once more, on a channel of its own. Rejects when there is no connection, or something differs. */
  now(): Promise<void> {
    this.#declaring ??= this.#once().finally(() => {
      this.#declaring = null;
    });
    return this.#declaring;
  }

  /** Declares everything for the first time on a connection. */
  async first(work: Promise<void>): Promise<void> {
    try {
      await work;
      this.#tell([]);
    } catch (error) {
      if (isMismatch(error)) this.#tell([(error as Error).message]);
      throw error;
    }
  }

  #declareIfReady(): void {
    if (!this.place.ready()) return;
    this.now().catch((error: Error) => {
      this.place.log.warn('Could not declare the topology anew.', { reason: error.message });
    });
  }

  async #once(): Promise<void> {
    const connection = this.place.connection();
    if (!connection) throw new Error('Expected a connection to declare the topology on, but there is none.');
    try {
      await within(DECLARE_TIMEOUT_MS, this.#all(connection));
      this.#tell([]);
    } catch (error) {
      if (!isMismatch(error)) throw error;
      // One that differs must not keep the others from being there.
      let faults: readonly string[] = [];
      const apart = declareApart(connection, this.place.topology).then((found) => {
        faults = found;
      });
      await within(APART_TIMEOUT_MS, apart);
      this.#tell(faults);
      throw error;
    }
  }

  async #all(connection: ChannelModel): Promise<void> {
    const { topology, plugin } = this.place;
    const channel = await connection.createChannel();
    channel.on('error', () => {});
    await declareTopology(connection, channel, topology);
    // Its way to the dispatch exchange went with that exchange.
    if (plugin()) await declarePlugin(channel, topology);
    await channel.close();
  }

  #tell(faults: readonly string[]): void {
    const { log, changed } = this.place;
    for (const reason of faults)
      if (!this.#faults.includes(reason))
        log.error(
          'Expected every queue and exchange as it is declared, but one differs. Delete it, and it is made anew.',
          { reason },
        );
    if (faults.length === 0 && this.#faults.length > 0) log.info('The topology is whole again.');
    const same = faults.length === this.#faults.length && faults.every((one) => this.#faults.includes(one));
    this.#faults = faults;
    if (!same) changed();
  }
}
