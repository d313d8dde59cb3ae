import amqp from 'amqplib';
import mysql from 'mysql2/promise';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Ledger } from '../support/engine/ledger.js';
import { EngineProcess } from '../support/engine/process.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

/** What each kind of loan makes the engine do: the task nodes that it visits, once each. */
const KINDS = {
  paid: {
    amount: 20_000,
    bank: 'north',
    nodes: ['review', 'kyc', 'credit', 'disburse', 'callback'],
    outcome: 'success',
  },
  busy: {
    amount: 20_000,
    bank: 'south',
    nodes: ['review', 'kyc', 'credit', 'disburse', 'callback'],
    outcome: 'success',
  },
  refused: { amount: 200_000, bank: 'north', nodes: ['review'], outcome: 'rejected' },
  unsound: { amount: 60_000, bank: 'north', nodes: ['review', 'kyc', 'credit'], outcome: 'rejected' },
  closed: {
    amount: 20_000,
    bank: 'closed',
    nodes: ['review', 'kyc', 'credit', 'disburse', 'undo'],
    outcome: 'rejected',
  },
  returned: {
    amount: 20_000,
    bank: 'returns',
    nodes: ['review', 'kyc', 'credit', 'disburse', 'callback', 'undo'],
    outcome: 'rejected',
  },
} as const;

const LOANS = Array.from({ length: 200 }, (_, at) => {
  const kinds = Object.values(KINDS);
  return { key: `loan-${at}`, ...(kinds[at % kinds.length] as (typeof kinds)[number]) };
});

let database: Awaited<ReturnType<typeof freshDatabase>>;
let vhost: Awaited<ReturnType<typeof freshVhost>>;
let ledger: Ledger;

beforeAll(async () => {
  [database, vhost, ledger] = await Promise.all([freshDatabase(), freshVhost(), Ledger.open()]);
});

afterAll(async () => {
  await ledger.close();
  await Promise.all([database.drop(), vhost.drop()]);
});

it('finishes 200 running loans although it is killed twice, and calls nobody with another key', async () => {
  const env = {
    SLUICE_DATABASE_URL: database.url,
    SLUICE_BROKER_URL: vhost.url,
    SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
    SLUICE_MIGRATE: 'true',
    SLUICE_ALLOW_INSECURE: 'true',
    SLUICE_LOG: 'error',
    LEDGER: ledger.url,
  };
  let engine = await EngineProcess.start(env);
  const db = await mysql.createConnection(database.url);
  try {
    await startLoans();
    for (const calls of [150, 450]) {
      await ledger.reaches(calls);
      await engine.kill();
      expect(await count(db, "status = 'running'"), 'loans that were running when it was killed').toBeGreaterThan(0);
      engine = await EngineProcess.start(env);
    }
    await until(async () => (await count(db, "status <> 'running'")) === LOANS.length, 90_000);

    const [rows] = await db.query<mysql.RowDataPacket[]>(
      'SELECT id, business_key AS `key`, status, outcome FROM instance',
    );
    expect(rows.map(({ key, status, outcome }) => `${key} ${status} ${outcome}`).sort()).toEqual(
      LOANS.map(({ key, outcome }) => `${key} completed ${outcome}`).sort(),
    );

    const keyOf = new Map(rows.map(({ id, key }) => [String(id), String(key)]));
    const called = new Set(ledger.calls.map(({ instance, node, visit }) => `${keyOf.get(instance)} ${node} ${visit}`));
    expect([...called].sort()).toEqual(
      LOANS.flatMap(({ key, nodes }) => nodes.map((node) => `${key} ${node} 1`)).sort(),
    );

    const keys = new Map<string, Set<string>>();
    for (const { instance, node, visit, idempotencyKey } of ledger.calls) {
      const visited = `${instance} ${node} ${visit}`;
      keys.set(visited, (keys.get(visited) ?? new Set()).add(idempotencyKey));
    }
    expect([...keys.values()].filter((used) => used.size !== 1)).toEqual([]);
    expect(new Set([...keys.values()].flatMap((used) => [...used])).size).toBe(keys.size);
  } finally {
    await db.end();
    await engine.kill();
  }
}, 180_000);

async function startLoans(): Promise<void> {
  const connection = await amqp.connect(vhost.url);
  const channel = await connection.createConfirmChannel();
  for (const { key, amount, bank } of LOANS) {
    channel.publish(
      `${vhost.prefix}.start`,
      'loan_disbursement',
      Buffer.from(JSON.stringify({ loanId: key, amount, bank })),
      {
        messageId: key,
        persistent: true,
      },
    );
  }
  await channel.waitForConfirms();
  await connection.close();
}

async function count(db: mysql.Connection, where: string): Promise<number> {
  const [rows] = await db.query<mysql.RowDataPacket[]>(`SELECT COUNT(*) AS many FROM instance WHERE ${where}`);
  return Number(rows[0]?.['many']);
}

async function until(met: () => Promise<boolean>, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while (!(await met())) {
    if (performance.now() > end) throw new Error(`Expected it to happen within ${withinMs} ms, but it did not.`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}
