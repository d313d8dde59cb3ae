import amqp from 'amqplib';
import mysql from 'mysql2/promise';
import { expect } from 'vitest';
import { topologyOf } from '../../../src/broker/topology/topology.js';
import { freshDatabase, freshVhost } from '../servers.mjs';
import { checkOutcomes, type Seen } from './check.js';
import type { Expected } from './expected.js';
import { Ledger } from './ledger.js';

/** Intervals under which what is lost is found within seconds. */
export const QUICK = {
  sweepEveryMs: 300,
  sweepGraceMs: 700,
  sweepQuietMs: 1_000,
  timerEveryMs: 300,
  healEveryMs: 5_000,
  holdMs: 300,
};

type Row = Readonly<Record<string, unknown>>;

/** Real servers, a ledger, and whatever a story asks of them. */
export class Stage {
  readonly topology: ReturnType<typeof topologyOf>;

  private constructor(
    readonly database: Awaited<ReturnType<typeof freshDatabase>>,
    readonly vhost: Awaited<ReturnType<typeof freshVhost>>,
    readonly ledger: Ledger,
    private db: mysql.Connection,
  ) {
    this.topology = topologyOf(vhost.prefix);
  }

  static async open(): Promise<Stage> {
    const [database, vhost, ledger] = await Promise.all([freshDatabase(), freshVhost(), Ledger.open()]);
    return new Stage(database, vhost, ledger, await mysql.createConnection(database.url));
  }

  /** Settings of an engine on these servers. */
  env(tuning: object = QUICK, settings: Readonly<Record<string, string>> = {}): Record<string, string> {
    return {
      SLUICE_DATABASE_URL: this.database.url,
      SLUICE_BROKER_URL: this.vhost.url,
      SLUICE_TOPOLOGY_PREFIX: this.vhost.prefix,
      SLUICE_MIGRATE: 'true',
      SLUICE_ALLOW_INSECURE: 'true',
      SLUICE_LOG: 'error',
      // The partners of the examples fail by plan. When faults bring many of their calls at once, their circuits open,
      // rightly, and a story about something else takes half a minute longer. Stories of circuits ask for them.
      SLUICE_WATCH_HEALTH: 'false',
      LEDGER: this.ledger.url,
      TUNING: JSON.stringify(tuning),
      ...settings,
    };
  }

  /** Resolves when the broker has confirmed them. */
  async start(starts: readonly Expected[]): Promise<void> {
    await this.onBroker(async (channel) => {
      for (const { flow, key, input } of starts) {
        const properties = { messageId: key, persistent: true, contentType: 'application/json' };
        channel.publish(this.topology.names.start, flow, Buffer.from(JSON.stringify(input)), properties);
      }
      await channel.waitForConfirms();
    });
  }

  /** Sends a message under an identity, several times if asked to. Resolves when the broker has confirmed all of them. */
  async tell(name: string, messageId: string, body: string, times = 1): Promise<void> {
    await this.onBroker(async (channel) => {
      const properties = { messageId, persistent: true, contentType: 'application/json' };
      for (let told = 0; told < times; told += 1)
        channel.publish(this.topology.names.messages, name, Buffer.from(body), properties);
      await channel.waitForConfirms();
    });
  }

  /** Ids of the events that are told from now on, every telling of them. */
  async hear(pattern: string): Promise<{ readonly ids: readonly string[]; close(): Promise<void> }> {
    const connection = await amqp.connect(this.vhost.url);
    const channel = await connection.createChannel();
    const { queue } = await channel.assertQueue('', { exclusive: true });
    await channel.bindQueue(queue, this.topology.names.events, pattern);
    const ids: string[] = [];
    await channel.consume(queue, (event) => event && ids.push(event.properties.messageId), { noAck: true });
    return { ids, close: () => connection.close() };
  }

  async onBroker<T>(work: (channel: amqp.ConfirmChannel) => Promise<T>): Promise<T> {
    const connection = await amqp.connect(this.vhost.url);
    try {
      return await work(await connection.createConfirmChannel());
    } finally {
      await connection.close();
    }
  }

  /** Whether an exchange is there; on a connection of its own, for the broker's refusal closes the channel. */
  hasExchange(name: string): Promise<boolean> {
    return this.onBroker(async (channel) => {
      channel.on('error', () => {});
      return channel.checkExchange(name).then(
        () => true,
        () => false,
      );
    });
  }

  /** How many node instances wait for a time. */
  async waiting(): Promise<number> {
    const [row] = await this.rows("SELECT COUNT(*) AS many FROM node_instance WHERE status = 'waiting'");
    return Number(row?.['many']);
  }

  /** Takes everything out of the lanes and the delays; answers how many messages that was. */
  purge(): Promise<number> {
    return this.onBroker(async (channel) => {
      const queues = this.topology.queues.map(({ name }) => name).filter((name) => /\.(lane|delay)\./.test(name));
      const purged = await Promise.all(queues.map((name) => channel.purgeQueue(name)));
      return purged.reduce((sum, { messageCount }) => sum + messageCount, 0);
    });
  }

  /** Again after the database was killed. */
  async reconnect(): Promise<void> {
    this.db.destroy();
    this.db = await mysql.createConnection(this.database.url);
  }

  async rows(sql: string, values: readonly string[] = []): Promise<readonly Row[]> {
    const [rows] = await this.db.query<mysql.RowDataPacket[]>(sql, [...values]);
    return rows;
  }

  async count(where: string): Promise<number> {
    const [row] = await this.rows(`SELECT COUNT(*) AS many FROM instance WHERE ${where}`);
    return Number(row?.['many']);
  }

  /** Of these starts, how many have an instance that is not over. */
  async running(starts: readonly Expected[]): Promise<number> {
    const rows = await this.instancesOf(starts);
    return rows.filter(({ ended_at }) => ended_at === null).length;
  }

  /** Of these starts, how many have an instance that is not over and whose row no transaction holds. */
  async unlocked(starts: readonly Expected[]): Promise<number> {
    const open = (await this.instancesOf(starts)).filter(({ ended_at }) => ended_at === null);
    if (open.length === 0) return 0;
    const free = `SELECT id FROM instance WHERE id IN (${idsOf(open)}) AND ended_at IS NULL FOR UPDATE SKIP LOCKED`;
    return (await this.rows(free)).length;
  }

  /** Resolves when every one of them has an instance, and it is over. */
  async allOver(starts: readonly Expected[], withinMs = 45_000): Promise<void> {
    const end = performance.now() + withinMs;
    for (;;) {
      const over = (await this.instancesOf(starts)).filter(({ ended_at }) => ended_at !== null).length;
      if (over === starts.length) return;
      if (performance.now() > end) throw new Error(await this.unfinished(starts, withinMs));
      await pause(100);
    }
  }

  /** What holds when all is over; and no business key is held any more. */
  async check(starts: readonly Expected[]): Promise<void> {
    const rows = await this.instancesOf(starts);
    const seen = rows.map((row) => ({ ...row, key: row['business_key'] }) as unknown as Seen);
    checkOutcomes(starts, seen, this.ledger.calls);
    const held = await this.rows(`SELECT instance FROM live_key WHERE instance IN (${idsOf(rows)})`);
    expect(held).toEqual([]);
  }

  instancesOf(starts: readonly Expected[]): Promise<readonly Row[]> {
    const keys = starts.map(({ key }) => `'${key}'`).join(',');
    return this.rows(
      `SELECT id, business_key, status, outcome, active, incidents, ended_at FROM instance WHERE business_key IN (${keys})`,
    );
  }

  async close(): Promise<void> {
    await this.ledger.close();
    await this.db.end();
    await Promise.all([this.database.drop(), this.vhost.drop()]);
  }

  private async unfinished(starts: readonly Expected[], withinMs: number): Promise<string> {
    const rows = await this.instancesOf(starts);
    const open = rows.filter(({ ended_at }) => ended_at === null);
    const nodes =
      open.length === 0
        ? []
        : await this.rows(
            `SELECT instance, node, visit, status, attempt, dispatch, lane, queue, wake_at - UNIX_TIMESTAMP(NOW(3)) * 1000 AS due_in_ms
             FROM node_instance WHERE instance IN (${idsOf(open)}) AND ended_at IS NULL LIMIT 20`,
          );
    const told = `${rows.length} of ${starts.length} have an instance, ${open.length} of those are not over`;
    return `Expected all to be over within ${withinMs} ms, but ${told}: ${JSON.stringify(nodes)}`;
  }
}

const idsOf = (rows: readonly Row[]): string => rows.map(({ id }) => `'${id}'`).join(',');

export const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

/** Asks again and again until it holds. */
export async function until(what: string, holds: () => Promise<boolean> | boolean, withinMs = 30_000): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`Expected ${what} within ${withinMs} ms, but it did not happen.`);
    await pause(50);
  }
}
