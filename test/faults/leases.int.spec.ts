import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { CrashPoint } from '../../src/engine/ports/checkpoint.js';
import { Engines } from '../support/engine/engines.js';
import type { EngineProcess } from '../support/engine/process.js';
import { QUICK, type Stage, until } from '../support/engine/stage.js';

const FLOW = `flow: long
key: input.loanId
input: { type: object }
nodes:
  begin: { start: true }
  work: { task: guarantor.review, in: { loanId: input.loanId, amount: input.amount }, timeout: 2h, lease: true }
  done: { end: success }
edges:
  - begin -> work -> done
`;
/** Its task runs for longer than a lease. */
const LASTING = `flow: lasting
key: input.loanId
input: { type: object }
nodes:
  begin: { start: true }
  work: { task: sleep, in: { ms: 6000 }, timeout: 1h, lease: true }
  done: { end: success }
edges:
  - begin -> work -> done
`;
const LEASE_MS = 4_000;
/** How much later than the lease's end an attempt may begin anew, on a machine that does other things too. */
const LATE_MS = 10_000;
const TUNING = { ...QUICK, leaseMs: LEASE_MS, leaseEveryMs: 100 };

let engines: Engines;
let stage: Stage;

beforeAll(async () => {
  engines = await Engines.open({ 'long.flow.yaml': FLOW, 'lasting.flow.yaml': LASTING });
  stage = engines.stage;
});

afterEach(() => engines.kill());
afterAll(() => engines.close());

const engineWith = (tuning: object = TUNING): Promise<EngineProcess> => engines.up(tuning);

const begin = (loanId: string, flow = 'long') =>
  stage.start([{ flow, key: loanId, input: { loanId, amount: 1 }, visits: [], outcome: 'success' }]);
const nodeOf = async (key: string) =>
  (
    await stage.rows(
      `SELECT n.attempt, n.status, n.queue, n.wake_at FROM node_instance n JOIN instance i ON i.id = n.instance
       WHERE i.business_key = ? AND n.node = 'work'`,
      [key],
    )
  )[0];
const isOver = async (key: string) => (await stage.count(`business_key = '${key}' AND status = 'completed'`)) === 1;
const now = async () => Number((await stage.rows('SELECT UNIX_TIMESTAMP(NOW(3)) * 1000 AS now'))[0]?.['now']);

it.each(['lease.taken', 'handling', 'handled', 'written'] as const)(
  'C15 and C16: an engine that dies at %s is missed when its lease ends, and not before',
  async (point: CrashPoint | 'handling') => {
    const key = `dies-${point}`;
    const calls = stage.ledger.calls.length;
    const dying = await engineWith();
    // The first to be written is the lease itself.
    dying.dieAt(point, point === 'written' ? 2 : 1);
    await begin(key);
    expect((await dying.ended).signal, dying.output).toBe('SIGKILL');
    const row = await nodeOf(key);
    expect(row).toMatchObject({ attempt: 1, status: 'ready', queue: -1 });
    const end = Number(row?.['wake_at']);
    const other = await engineWith();
    const upAt = await now();
    await until('the second attempt', async () => Number((await nodeOf(key))?.['attempt']) === 2, 20_000);
    const seenAt = await now();
    expect(seenAt).toBeGreaterThanOrEqual(end);
    expect(seenAt - Math.max(end, upAt)).toBeLessThan(LATE_MS);

    await until('the end', () => isOver(key), 40_000);
    const made = stage.ledger.calls.slice(calls);
    expect(new Set(made.map(({ idempotencyKey }) => idempotencyKey)).size).toBe(1);
    expect(made.map(({ attempt }) => attempt)).toEqual(point === 'lease.taken' ? [2] : [1, 2]);
    // Counted once all of the commit is published, which the rows do not tell.
    const told = await other.ask('GET', '/api/repair');
    expect(told.body.loops.map(({ name }: { name: string }) => name)).toContain('lease');
    expect(told.body.counts).toMatchObject({ 'lease.expired': 1 });
  },
  90_000,
);

it('C17: an engine that dies when it has found an ended lease leaves it to the next', async () => {
  const dying = await engineWith();
  dying.dieAt('handling', 1);
  await begin('found');
  await dying.ended;
  const finder = await engineWith();
  finder.dieAt('lease.found', 1);
  expect((await finder.ended).signal).toBe('SIGKILL');
  expect(await nodeOf('found')).toMatchObject({ attempt: 1, queue: -1 });
  await engineWith();
  await until('the end', () => isOver('found'), 40_000);
  expect(await nodeOf('found')).toMatchObject({ attempt: 2, status: 'done' });
}, 90_000);

it('rejects what an engine says that slept through the end of its lease', async () => {
  const sleeper = await engineWith();
  await begin('slept');
  await sleeper.sleepAt('handled', 1);
  const other = await engineWith();
  await until('the second attempt', async () => (await nodeOf('slept'))?.['status'] === 'done', 30_000);
  expect(await nodeOf('slept')).toMatchObject({ attempt: 2 });
  sleeper.signal('SIGCONT');
  await until('the rejection', async () => ((await sleeper.tally())['rejected.instance-over'] ?? 0) >= 1);
  await until('the end', () => isOver('slept'), 40_000);
  expect(await nodeOf('slept')).toMatchObject({ attempt: 2, status: 'done' });
  expect((await other.tally())['lease.expired']).toBe(1);
}, 90_000);

it('of a handler that runs for longer than a lease is renewed, also when the broker forgets everything', async () => {
  const engine = await engineWith();
  await begin('lasting', 'lasting');
  await until('the lease', async () => (await nodeOf('lasting'))?.['queue'] === -1);
  await stage.purge();
  await until('the end', () => isOver('lasting'), 40_000);
  expect(await nodeOf('lasting')).toMatchObject({ attempt: 1, status: 'done' });
  expect((await engine.tally())['lease.expired']).toBeUndefined();
}, 90_000);
