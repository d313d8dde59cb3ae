import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { loans, order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, QUICK, Stage } from '../support/engine/stage.js';
import { FaultProxy } from '../support/fault-proxy.js';

let stage: Stage;
let proxy: FaultProxy;
let engine: EngineProcess;

beforeAll(async () => {
  stage = await Stage.open();
  proxy = await FaultProxy.open(stage.database.url);
});

afterAll(async () => {
  await proxy.close();
  await stage.close();
});

beforeEach(async () => {
  engine = await EngineProcess.start(stage.env(QUICK, { SLUICE_DATABASE_URL: proxy.url }));
});

afterEach(async () => {
  proxy.letGo();
  proxy.latencyMs = 0;
  await engine.kill();
});

it('is only slower when every answer takes a tenth of a second longer', async () => {
  const starts = Array.from({ length: 30 }, (_, at) => order(`late-${at}`));
  proxy.latencyMs = 50; // Each way.
  await stage.start(starts);
  await stage.allOver(starts, 60_000);
  await stage.check(starts);
});

it('goes on when every connection is reset, again and again', async () => {
  const starts = loans(60, 'reset');
  await stage.start(starts);
  for (let times = 0, cut = 0; times < 5; times++, cut = 0) {
    while (cut === 0) {
      await pause(200);
      cut = proxy.reset();
    }
  }
  expect(await stage.running(starts), 'loans that were running at the last reset').toBeGreaterThan(0);
  await stage.allOver(starts, 60_000);
  await stage.check(starts);
});

it('gives up statements without an answer, and takes none of them for done or undone', async () => {
  const starts = Array.from({ length: 40 }, (_, at) => order(`silent-${at}`));
  const before = stage.ledger.calls.length;
  await stage.start(starts);
  await stage.ledger.reaches(before + 30);
  proxy.hold('down');
  // A statement is given up after ten seconds; the server has carried it out long before.
  await pause(12_000);
  expect(await stage.running(starts), 'orders that wait for the database').toBeGreaterThan(0);
  const { status } = await engine.ask('GET', '/health/live');
  expect(status).toBe(200);
  proxy.letGo();
  await stage.allOver(starts, 60_000);
  await stage.check(starts);
  expect((await engine.tally())['commit.away'], 'commits without an answer').toBeGreaterThan(0);
});
