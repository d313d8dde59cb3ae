import { afterAll, beforeAll, expect, it } from 'vitest';
import { loan, order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, QUICK, Stage, until } from '../support/engine/stage.js';
import { FaultProxy } from '../support/fault-proxy.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

const orders = (count: number, prefix: string) => Array.from({ length: count }, (_, at) => order(`${prefix}-${at}`));
const callsOf = (node: string, from: number): number =>
  stage.ledger.calls.slice(from).filter((call) => call.node === node).length;

it('lets handlers finish, stores what they did, and exits with 0', async () => {
  const starts = orders(80, 'finish');
  const engine = await EngineProcess.start(stage.env());
  await stage.start(starts);
  await stage.ledger.reaches(100);
  const askedAt = performance.now();
  expect(await engine.kill('SIGTERM'), engine.output).toEqual({ code: 0, signal: null });
  expect(performance.now() - askedAt).toBeLessThan(30_000);
  expect(await stage.running(starts), 'orders that were left').toBeGreaterThan(0);

  const next = await EngineProcess.start(stage.env());
  await stage.allOver(starts);
  await stage.check(starts);
  expect(stage.ledger.calls.length, 'calls of handlers: none was cut').toBe(starts.length * 3);
  await next.kill();
});

it('gives back what it must cut, which costs no attempt', async () => {
  const before = stage.ledger.calls.length;
  const starts = Array.from({ length: 10 }, (_, at) => loan(`silent-${at}`, 'silent'));
  const engine = await EngineProcess.start(stage.env({ ...QUICK, drainMs: 100, abortMs: 1_000 }));
  await stage.start(starts);
  await until('banks that are asked', () => callsOf('asked', before) >= 5);
  expect(await engine.kill('SIGTERM'), engine.output).toEqual({ code: 0, signal: null });

  const next = await EngineProcess.start(stage.env());
  await stage.allOver(starts);
  await stage.check(starts);
  const ids = (await stage.instancesOf(starts)).map(({ id }) => `'${id}'`).join(',');
  const told = await stage.rows(
    `SELECT instance, attempt, how FROM attempt WHERE node = 'asked' AND instance IN (${ids})`,
  );
  // Both attempts of each have run out of time, and of what was cut nothing is told.
  expect(told.map(({ attempt, how }) => `${attempt} ${how}`).sort()).toEqual([
    ...starts.map(() => '1 failed'),
    ...starts.map(() => '2 failed'),
  ]);
  expect(callsOf('asked', before), 'calls, with those that were cut').toBeGreaterThan(2 * starts.length);
  await next.kill();
});

it('exits at once when it is asked twice, and nothing is lost', async () => {
  const before = stage.ledger.calls.length;
  const starts = orders(10, 'slow-twice');
  const engine = await EngineProcess.start(stage.env());
  await stage.start(starts);
  await until('a parcel under way', () => callsOf('ship', before) > 0);
  engine.signal('SIGTERM');
  await pause(200);
  const askedAt = performance.now();
  expect((await engine.kill('SIGTERM')).code).toBe(1);
  expect(performance.now() - askedAt).toBeLessThan(2_000);
  expect(await stage.running(starts), 'orders that were left').toBeGreaterThan(0);

  const next = await EngineProcess.start(stage.env());
  await stage.allOver(starts);
  await stage.check(starts);
  await next.kill();
});

it('ends in time when neither server gives an answer any more, and nothing is lost', async () => {
  const proxies = await Promise.all([FaultProxy.open(stage.database.url), FaultProxy.open(stage.vhost.url)]);
  const [database, broker] = proxies;
  const starts = orders(40, 'silence');
  const tuning = { ...QUICK, drainMs: 2_000, abortMs: 500 };
  const engine = await EngineProcess.start(
    stage.env(tuning, { SLUICE_DATABASE_URL: database.url, SLUICE_BROKER_URL: broker.url }),
  );
  await stage.start(starts);
  await until('orders under way', async () => (await stage.running(starts)) > 20);
  for (const proxy of proxies) proxy.hold('up', 'down');
  const askedAt = performance.now();
  await engine.kill('SIGTERM');
  // The drain, four aborts, and what closing may take: 4 s for the broker's two connections, 5 s for the rest.
  expect(performance.now() - askedAt).toBeLessThan(2_000 + 4 * 500 + 9_000 + 2_000);
  for (const proxy of proxies) await proxy.close();

  const next = await EngineProcess.start(stage.env());
  await stage.allOver(starts, 120_000);
  await stage.check(starts);
  await next.kill();
}, 180_000);
