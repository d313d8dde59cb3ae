import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Ledger } from '../support/engine/ledger.js';
import { EngineProcess } from '../support/engine/process.js';
import { eventually } from '../support/engine/served.js';

const ORDERS = Array.from({ length: 60 }, (_, at) => `order-${at}`);
let data: string;
let ledger: Ledger;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'sluice-killed-'));
  ledger = await Ledger.open();
});

afterAll(async () => {
  await ledger.close();
  rmSync(data, { recursive: true, force: true });
});

it('goes on from its file: every accepted order is shipped once, with one key for each call', async () => {
  const env = { SLUICE_DATA: data, SLUICE_LOG: 'error', LEDGER: ledger.url };
  let engine = await EngineProcess.start(env);
  try {
    for (const orderId of ORDERS) {
      const { status } = await engine.ask('POST', '/api/instances', { flow: 'order', input: { orderId, amount: 10 } });
      expect(status).toBe(201);
    }
    await ledger.reaches(40);
    await engine.kill();
    engine = await EngineProcess.start(env);
    await ledger.reaches(90);
    await engine.kill();
    engine = await EngineProcess.start(env);

    const { body } = await eventually(
      () => engine.ask('GET', '/api/instances?status=completed&limit=200'),
      (answer) => answer.body.items.length === ORDERS.length,
      30_000,
    );
    expect(body.items.map(({ key, outcome }: Record<string, string>) => `${key} ${outcome}`).sort()).toEqual(
      ORDERS.map((key) => `${key} shipped`).sort(),
    );
    const keys = new Set(ledger.calls.map(({ idempotencyKey }) => idempotencyKey));
    expect(keys.size).toBe(3 * ORDERS.length);
    expect(ledger.calls.length).toBeGreaterThan(keys.size);
  } finally {
    await engine.kill();
  }
}, 60_000);
