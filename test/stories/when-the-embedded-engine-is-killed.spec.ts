import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CrashPoint } from '../../src/engine/ports/checkpoint.js';
import { checkOutcomes, type Seen } from '../support/engine/check.js';
import { loans } from '../support/engine/expected.js';
import { Ledger } from '../support/engine/ledger.js';
import { EngineProcess } from '../support/engine/process.js';
import { until } from '../support/engine/stage.js';

const LOANS = loans(24);
/** Where it dies, one after the other; its queues die with it each time. */
const DEATHS: readonly (readonly [CrashPoint | 'handling', number])[] = [
  ['handling', 20],
  ['written', 10],
  ['committed', 10],
];

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

it('finishes 24 loans although it dies three times, and each time everything that it had queued is gone', async () => {
  // After each death the first tries come all at once, and so do the failures that the bank has planned: its circuit
  // would open, rightly, and the loans would be over half a minute later.
  const start = (): Promise<EngineProcess> =>
    EngineProcess.start({ SLUICE_DATA: data, SLUICE_LOG: 'error', SLUICE_WATCH_HEALTH: 'false', LEDGER: ledger.url });
  let engine = await start();
  try {
    for (const { flow, input } of LOANS) {
      expect((await engine.ask('POST', '/api/instances', { flow, input })).status).toBe(201);
    }
    for (const [point, nth] of DEATHS) {
      engine.dieAt(point, nth);
      expect(await engine.ended, engine.output).toEqual({ code: null, signal: 'SIGKILL' });
      engine = await start();
      const over = (await seenBy(engine)).filter(({ active }) => active === 0).length;
      expect(over, `loans that were over when it died at ${point}`).toBeLessThan(LOANS.length);
    }
    await until('all to be over', async () => (await seenBy(engine)).every(({ active }) => active === 0));
    checkOutcomes(LOANS, await seenBy(engine), ledger.calls);
  } finally {
    await engine.kill();
  }
}, 120_000);

const seenBy = async (engine: EngineProcess): Promise<readonly Seen[]> =>
  (await engine.ask('GET', '/api/instances?limit=100')).body.items;
