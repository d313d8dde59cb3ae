import { afterAll, beforeAll, expect, it } from 'vitest';
import { order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, QUICK, Stage } from '../support/engine/stage.js';

/** Two dispatches each at once: a backlog of two thousand. */
const ORDERS = Array.from({ length: 1_000 }, (_, at) => order(`order-${at}`));
const GRACE_MS = 2_000;
const TUNING = { ...QUICK, sweepGraceMs: GRACE_MS };

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('sends nothing twice, however long it waits in its lane', async () => {
  const one = { fast: 1, normal: 1, slow: 1, retry: 1, probe: 1 };
  const narrow = await EngineProcess.start(stage.env({ ...TUNING, prefetch: one }));
  await stage.start(ORDERS);
  await pause(3 * GRACE_MS);
  const waiting = await stage.rows(
    `SELECT COUNT(*) AS many FROM node_instance WHERE queue > 0 AND wake_at < UNIX_TIMESTAMP(NOW(3)) * 1000 - ${GRACE_MS}`,
  );
  expect(waiting[0]?.['many'], 'dispatches that are older than the patience of the sweep').toBeGreaterThan(1_000);
  expect((await narrow.tally())['swept'] ?? 0).toBe(0);
  expect((await narrow.kill('SIGTERM')).code).toBe(0);

  const wide = await EngineProcess.start(stage.env(TUNING));
  try {
    await stage.allOver(ORDERS, 90_000);
    expect((await wide.tally())['swept'] ?? 0).toBe(0);
    expect(stage.ledger.calls.length, 'calls of handlers').toBe(ORDERS.length * 3);
    await stage.check(ORDERS);
  } finally {
    await wide.kill();
  }
}, 180_000);
