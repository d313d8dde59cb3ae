import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Expected } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, QUICK, Stage, until } from '../support/engine/stage.js';
import { WorkerProcess } from '../support/remote/worker-process.js';
import { servers } from '../support/servers.mjs';

/** Two remote steps in a row, each with time for a few copies and one attempt more than can be needed. */
const FLOW = `
flow: parcel
key: input.orderId
defaults: { timeout: 4s, retry: { remote: [200ms], max: 20 } }
nodes:
  begin: { start: true }
  pack: { task: parcel.work, remote: true, in: { orderId: input.orderId } }
  carry: { task: parcel.work, remote: true, in: { orderId: input.orderId } }
  done: { end: carried }
edges:
  - begin -> pack -> carry -> done
`;

const parcels = (prefix: string, count = 60): Expected[] =>
  Array.from({ length: count }, (_, at) => ({
    flow: 'parcel',
    key: `${prefix}-${at}`,
    input: { orderId: `${prefix}-${at}` },
    visits: ['pack 1', 'carry 1'],
    outcome: 'carried',
  }));

let stage: Stage;
let folder: string;
const started: { kill(): Promise<unknown> }[] = [];

beforeAll(async () => {
  stage = await Stage.open();
  folder = mkdtempSync(join(tmpdir(), 'sluice-parcels-'));
  writeFileSync(join(folder, 'parcel.flow.yaml'), FLOW);
});
afterEach(async () => {
  await Promise.all(started.splice(0).map((one) => one.kill()));
});
afterAll(async () => {
  await stage.close();
  rmSync(folder, { recursive: true, force: true });
});

const kept = <T extends { kill(): Promise<unknown> }>(one: T): T => {
  started.push(one);
  return one;
};
/** Without circuits: on a machine that is busy, a few late answers would open one, and half a minute go by. */
const engine = async (): Promise<EngineProcess> => {
  const settings = { SLUICE_DEFINITIONS: folder };
  return kept(await EngineProcess.start(stage.env(QUICK, settings)));
};

async function worker(env: Readonly<Record<string, string>> = {}): Promise<WorkerProcess> {
  const place = { BROKER: stage.vhost.url, TASK: 'parcel.work', LEDGER: stage.ledger.url };
  const one = kept(WorkerProcess.node({ ...place, WORK_MS: '30', ...env }));
  await until('the worker', () => one.output.includes('up') || !one.alive);
  return one;
}

/** The outside world did each thing once, whoever asked for it how often: what it is asked with is the same key. */
async function doneOnce(starts: readonly Expected[]): Promise<void> {
  await stage.allOver(starts, 90_000);
  await stage.check(starts);
  expect(await stage.rows(`SELECT id FROM quarantine WHERE source = 'reply' AND code <> 'BAD_REPLY'`)).toEqual([]);
}

/** Highest attempt of each node: more than 1 means that one was lost on the way. */
async function attempts(starts: readonly Expected[]): Promise<number> {
  const ids = (await stage.instancesOf(starts)).map(({ id }) => `'${id}'`).join(',') || "''";
  const [row] = await stage.rows(
    `SELECT MAX(attempt) AS most FROM node_instance WHERE node IN ('pack', 'carry') AND instance IN (${ids})`,
  );
  return Number(row?.['most']);
}

it('finishes what a worker had in hand when it was killed, by another one and without a lost attempt', async () => {
  const starts = parcels('w');
  await engine();
  const first = await worker({ WORK_MS: '400' });
  const before = stage.ledger.calls.length;
  await stage.start(starts);
  await stage.ledger.reaches(before + 10);
  await first.kill();
  expect(await stage.running(starts)).toBeGreaterThan(0);
  await worker();
  await doneOnce(starts);
  expect(await attempts(starts)).toBe(1);
  const calls = stage.ledger.calls.slice(before);
  expect(calls.length, 'what the dead worker had told of was told again').toBeGreaterThan(120);
}, 120_000);

it('finishes although the engine is killed while workers work, and takes answers that came meanwhile', async () => {
  const starts = parcels('e');
  const first = await engine();
  await worker({ WORK_MS: '300' });
  const before = stage.ledger.calls.length;
  await stage.start(starts);
  await stage.ledger.reaches(before + 20);
  await first.kill();
  expect(await stage.running(starts)).toBeGreaterThan(0);
  await pause(500);
  await engine();
  await doneOnce(starts);
}, 120_000);

it.each(['guarded', 'handled', 'written', 'committed', 'published', 'confirmed'] as const)(
  'finishes although the engine dies at the point %s',
  async (point) => {
    const starts = parcels(`p-${point}`, 20);
    const first = await engine();
    await worker();
    first.dieAt(point, 2);
    await stage.start(starts);
    await first.ended;
    await engine();
    await doneOnce(starts);
  },
  120_000,
);

it('finishes by retries when nobody was there to take over', async () => {
  const starts = parcels('n', 5);
  await engine();
  await stage.start(starts);
  await until('a second attempt', async () => (await attempts(starts)) > 1);
  await worker();
  await doneOnce(starts);
}, 120_000);

it('waits for a worker that says that it is still at it, longer than its time', async () => {
  const starts = parcels('h', 3);
  await engine();
  await worker({ WORK_MS: '9000', BEAT_MS: '1000' });
  await stage.start(starts);
  await doneOnce(starts);
  expect(await attempts(starts)).toBe(1);
}, 120_000);

it('keeps nonsense, and goes on by the answer after it', async () => {
  const starts = parcels('f', 3);
  await engine();
  await worker({ FAULTS: '2' });
  await stage.start(starts);
  await doneOnce(starts);
  const bad = await stage.rows(`SELECT reason FROM quarantine WHERE source = 'reply' AND code = 'BAD_REPLY'`);
  expect(bad).toHaveLength(2);
}, 120_000);

if (!servers.canKill()) console.warn('SKIPPED: the broker is not ours, so it cannot be killed.');

it.skipIf(!servers.canKill())(
  'finishes although the broker is killed while workers work, and without a lost attempt',
  async () => {
    const starts = parcels('b');
    await engine();
    await worker({ WORK_MS: '200' });
    // RabbitMQ 3.10 may bring a quorum queue back without a leader when it dies within a second of its declaration.
    await pause(2_000);
    const before = stage.ledger.calls.length;
    await stage.start(starts);
    await stage.ledger.reaches(before + 20);
    try {
      await servers.kill('broker');
      expect(await stage.running(starts)).toBeGreaterThan(0);
    } finally {
      await servers.start('broker');
    }
    await doneOnce(starts);
  },
  180_000,
);
