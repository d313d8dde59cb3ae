import { type Connection, createConnection } from 'mysql2/promise';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { SystemClock } from '../../src/memory/system-clock.js';
import { openStorage, type Storage } from '../../src/storage/open-storage.js';
import { EMBEDDED, QuietLog } from '../contract/store/opened.js';
import { changes, node, started } from '../contract/store/samples.js';
import { freshDatabase } from '../support/servers.mjs';

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let storage: Storage;
let other: Connection;

beforeAll(async () => {
  fresh = await freshDatabase();
  const config = { ...EMBEDDED, mode: 'servers', databaseUrl: fresh.url, migrate: true, allowInsecure: true } as const;
  storage = await openStorage(config, new SystemClock(), new QuietLog());
});

beforeEach(async () => {
  other = await createConnection({ uri: fresh.url });
  await other.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
  await other.query('START TRANSACTION');
});

afterEach(() => other.destroy());

afterAll(async () => {
  await storage.database.close();
  await fresh.drop();
});

it('marks what an engine has in hand, and waits for nobody who holds one of the rows', async () => {
  const { store } = storage;
  const queue = 7;
  const instance = await started(store, {
    nodes: [node('free', { queue, wakeAt: 1_000 }), node('locked', { queue, wakeAt: 1_000 })],
  });
  await other.query("SELECT * FROM node_instance WHERE instance = ? AND node = 'locked' FOR UPDATE", [instance]);
  const askedAt = performance.now();
  await store.touch(['free', 'locked'].map((name) => ({ instance, node: name, visit: 1 })));
  expect(performance.now() - askedAt).toBeLessThan(2_000);

  const ask = ['free', 'locked'].map((name) => ({ instance, node: name, visit: 1, needs: null }));
  const { now, facts } = await store.read(ask);
  const [free, locked] = facts.map((one) => one.node?.wakeAt ?? 0);
  expect(now - (free as number)).toBeLessThan(10_000);
  expect(locked).toBe(1_000);
});

it.each([1, 3])('ends %i instances while somebody who has ended others is not done yet', async (count) => {
  const { store } = storage;
  const keyed = (at: number): Promise<string> => started(store, { key: `${count}-${at}` });
  const ids = await Promise.all(Array.from({ length: 10 }, (_, at) => keyed(at)));
  const [others, own] = [ids.slice(0, 5), ids.slice(5, 5 + count)];
  // By their primary key, as an engine does it, so that it holds these rows and no others.
  const [held] = await other.query('SELECT flow, hash FROM live_key WHERE instance IN (?)', [others]);
  for (const { flow, hash } of held as { flow: string; hash: string }[]) {
    await other.query('DELETE FROM live_key WHERE flow = ? AND hash = ?', [flow, hash]);
  }
  const askedAt = performance.now();
  await store.apply({
    wanted: new Map(own.map((id) => [id, []])),
    wantsActive: () => false,
    decide: (locked) =>
      locked.map(({ instance }) =>
        changes({ ...instance, status: 'completed', active: 0 }, { instanceChanged: true, ended: true }),
      ),
  });
  expect(performance.now() - askedAt).toBeLessThan(2_000);
});
