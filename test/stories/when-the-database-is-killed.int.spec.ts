import { afterAll, beforeAll, expect, it } from 'vitest';
import { order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, Stage } from '../support/engine/stage.js';
import { servers } from '../support/servers.mjs';

/** Their handlers answer at the first call, so that every call is counted. */
const ORDERS = Array.from({ length: 150 }, (_, at) => order(`order-${at}`));
const CALLS = ORDERS.length * 3;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

if (!servers.canKill()) console.warn('SKIPPED: the database is not ours, so it cannot be killed.');

it.skipIf(!servers.canKill())(
  'keeps what its handlers answered, refuses starts meanwhile, and calls nobody twice',
  async () => {
    const engine = await EngineProcess.start(
      stage.env({ prefetch: { fast: 20, normal: 60, slow: 20, retry: 20, probe: 4 } }),
    );
    try {
      await stage.start(ORDERS);
      await stage.ledger.reaches(120);
      await servers.kill('database');
      const { flow, input } = order('refused-meanwhile');
      const refused = await engine.ask('POST', '/api/instances', { flow, input });
      expect(refused.status).toBe(503);
      expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
      // Long enough that a loop of requeues would show in the counts below.
      await pause(3_000);
      await servers.start('database');
      await stage.reconnect();
      await stage.allOver(ORDERS, 60_000);
      await stage.check(ORDERS);
      expect(stage.ledger.calls.length, 'calls of handlers').toBe(CALLS);
      const tally = await engine.tally();
      expect(tally['commit.away'], 'commits that found no database').toBeGreaterThan(0);
      expect(tally['delivery.taken'], 'deliveries').toBe(CALLS);
      expect(tally['delivery.released'] ?? 0).toBe(0);
    } finally {
      await servers.start('database');
      await engine.kill();
    }
  },
  180_000,
);
