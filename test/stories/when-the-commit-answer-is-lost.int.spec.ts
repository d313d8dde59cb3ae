import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans, order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, Stage, until } from '../support/engine/stage.js';
import { FaultProxy } from '../support/fault-proxy.js';

/** The lock that every transition begins with, and no other transaction. */
const TRANSITION = /FROM instance FORCE INDEX \(PRIMARY\) WHERE id IN/;
/** Statements that only a start sends. */
const START = /INSERT INTO start_receipt/;

let stage: Stage;
let proxy: FaultProxy;

beforeAll(async () => {
  stage = await Stage.open();
  proxy = await FaultProxy.open(stage.database.url);
});

afterAll(async () => {
  await proxy.close();
  await stage.close();
});

/** The sweep has its usual patience of half a minute: what is over sooner was not found by it. */
const env = () => stage.env({}, { SLUICE_DATABASE_URL: proxy.url });

it('applies every transition once, and sends what it dispatched at once', async () => {
  const starts = Array.from({ length: 20 }, (_, at) => order(`lost-${at}`));
  const engine = await EngineProcess.start(env());
  try {
    await stage.start(starts.slice(0, 1));
    await stage.allOver(starts.slice(0, 1));
    const lost = [proxy.loseCommitOf(TRANSITION), proxy.loseCommitOf(TRANSITION), proxy.loseCommitOf(TRANSITION)];
    await stage.start(starts);
    await Promise.all(lost);
    await stage.allOver(starts, 30_000);
    await stage.check(starts);
    expect(stage.ledger.calls.length, 'calls of handlers').toBe(starts.length * 3);
    const tally = await engine.tally();
    expect(tally['commit.away']).toBeGreaterThanOrEqual(3);
    expect(tally['republished.successors'], 'dispatches that were sent again').toBeGreaterThan(0);
    expect(tally['swept'] ?? 0).toBe(0);
  } finally {
    await engine.kill();
  }
});

it('takes no harm from a commit that arrives when its engine has long given it up', async () => {
  const before = stage.ledger.calls.length;
  const starts = Array.from({ length: 20 }, (_, at) => order(`late-${at}`));
  const engine = await EngineProcess.start(env());
  try {
    const kept = proxy.keepCommitOf(TRANSITION);
    await stage.start(starts);
    const arrive = await kept;
    await until('the engine to give it up', async () => ((await engine.tally())['commit.away'] ?? 0) > 0);
    // Its rows are locked by a transaction that nobody knows any more, and the others are not.
    await pause(1_000);
    expect(await stage.running(starts), 'orders that wait for the lock').toBeGreaterThan(0);
    const { 'commit.skipped': skipped = 0 } = await engine.tally();
    expect(skipped, 'times that the lock was found taken').toBeGreaterThan(0);
    expect(skipped).toBeLessThan(starts.length * 100);
    arrive();
    await stage.allOver(starts);
    await stage.check(starts);
    expect(stage.ledger.calls.length - before, 'calls of handlers').toBe(starts.length * 3);
    expect((await engine.tally())['swept'] ?? 0).toBe(0);
  } finally {
    await engine.kill();
  }
});

it('stores every start once when it was the answer to a start', async () => {
  const starts = loans(12, 'start');
  const engine = await EngineProcess.start(env());
  try {
    const lost = proxy.loseCommitOf(START);
    await stage.start(starts);
    await lost;
    await stage.allOver(starts, 30_000);
    await stage.check(starts);
    const tally = await engine.tally();
    expect(tally['start.duplicate'], 'starts that were asked for again').toBeGreaterThan(0);
    expect(tally['swept'] ?? 0).toBe(0);
  } finally {
    await engine.kill();
  }
});

it('finishes all when the engine dies of it: another one gets the deliveries, and each is a duplicate', async () => {
  const starts = loans(12, 'dead');
  let engine = await EngineProcess.start(env());
  try {
    const lost = proxy.loseCommitOf(TRANSITION);
    await stage.start(starts);
    await lost;
    await engine.kill();
    expect(await stage.running(starts), 'loans that were running when it was killed').toBeGreaterThan(0);
    engine = await EngineProcess.start(env());
    await stage.allOver(starts, 30_000);
    await stage.check(starts);
    expect((await engine.tally())['swept'] ?? 0).toBe(0);
  } finally {
    await engine.kill();
  }
});
