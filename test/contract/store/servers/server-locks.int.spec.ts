import type { Pool } from 'mysql2';
import { type Connection, createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../../../src/engine/ports/store.js';
import { SystemClock } from '../../../../src/memory/system-clock.js';
import { mysqlDataSource } from '../../../../src/storage/data-source.js';
import { openStorage, type Storage } from '../../../../src/storage/open-storage.js';
import { prepareConnections } from '../../../../src/storage/servers/prepare-connections.js';
import { MysqlSql } from '../../../../src/storage/sql/mysql.js';
import { dueSql } from '../../../../src/storage/store/repair.js';
import { freshDatabase } from '../../../support/servers.mjs';
import { EMBEDDED, QuietLog } from '../opened.js';
import { candidate, change, changes, done, node, started } from '../samples.js';
import { deadlocks } from './deadlocks.js';

describe('locks on a server', () => {
  let fresh: { url: string; drop(): Promise<void> };
  let storage: Storage;
  let other: Connection;
  let source: DataSource;
  let sql: MysqlSql;
  const open = (): Promise<Storage> =>
    openStorage(
      { ...EMBEDDED, mode: 'servers', databaseUrl: fresh.url, migrate: true, allowInsecure: true },
      new SystemClock(),
      new QuietLog(),
    );

  beforeAll(async () => {
    fresh = await freshDatabase();
    storage = await open();
    other = await createConnection({ uri: fresh.url });
    await other.query('SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED');
    source = await mysqlDataSource(fresh.url, 8).initialize();
    const pool = (source.driver as MysqlDriver).pool as Pool;
    await prepareConnections(pool);
    sql = new MysqlSql(pool);
    await other.query('CREATE TABLE counter (id INT PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB');
    await other.query('INSERT INTO counter VALUES (1, 0), (2, 0)');
  });
  afterAll(async () => {
    await other.end();
    await source.destroy();
    await storage.database.close();
    await fresh.drop();
  });

  const counted = async (id: number): Promise<unknown> => {
    const [rows] = await other.query('SELECT n FROM counter WHERE id = ?', [id]);
    return (rows as { n: number }[])[0]?.n;
  };

  it('skips an instance that somebody else holds, and takes the rest at once', async () => {
    const ids = [await started(storage.store), await started(storage.store)];
    await other.query('START TRANSACTION');
    await other.query('SELECT id FROM instance WHERE id = ? FOR UPDATE', [ids[0]]);
    const seen: string[] = [];
    const startedAt = performance.now();
    const { skipped } = await storage.store.apply({
      wanted: new Map(ids.map((id) => [id, []])),
      wantsActive: () => false,
      decide: (locked) => {
        seen.push(...locked.map((one) => one.instance.id));
        return [];
      },
    });
    const took = performance.now() - startedAt;
    await other.query('ROLLBACK');
    expect(skipped).toEqual([ids[0]]);
    expect(seen).toEqual([ids[1]]);
    expect(took).toBeLessThan(4000);
    expect(await storage.store.existing(ids)).toEqual(new Set(ids));
  });

  it('waits for a key that is being given up, then takes it, and begins no sooner', async () => {
    const id = await started(storage.store, { key: 'given-up' });
    await other.query('START TRANSACTION');
    await other.query('DELETE FROM live_key WHERE instance = ?', [id]);
    const wish = candidate({ key: 'given-up' });
    const starting = storage.store.start([wish]);
    await new Promise((wake) => setTimeout(wake, 100));
    const freedAt = await storage.store.now();
    await other.query('COMMIT');
    expect(await starting).toEqual([{ id: wish.id, duplicate: false }]);
    const { items } = await storage.views.states([wish.id]);
    expect(items[0]?.instance.startedAt).toBeGreaterThanOrEqual(freedAt);
  });

  it('waits for a start that is not committed yet, and answers with it', async () => {
    const wish = candidate({ key: 'first-come', receipt: 'first-come' });
    await storage.store.start([wish]);
    await other.query('START TRANSACTION');
    await other.query('SELECT * FROM live_key WHERE instance = ? FOR UPDATE', [wish.id]);
    const starting = storage.store.start([candidate({ key: 'first-come' })]);
    await new Promise((wake) => setTimeout(wake, 50));
    await other.query('COMMIT');
    expect(await starting).toEqual([{ id: wish.id, duplicate: true, byKey: true }]);
  });

  it('lets eight writers share sixty instances without a deadlock', async () => {
    const { store, views } = storage;
    const wishes = Array.from({ length: 60 }, () => candidate());
    const ids = (await store.start(wishes)).map(({ id }) => id);
    const before = await deadlocks(other);
    let written = 0;
    const writer = async (seed: number): Promise<void> => {
      for (let batch = 0; batch < 40; batch++) {
        const mine = Array.from({ length: 20 }, (_, at) => ids[(seed * 7 + batch * 13 + at * 11) % 60] ?? '');
        const wanted = new Map(mine.map((id) => [id, [{ node: 'first', visit: 1 }]]));
        await store.apply({
          wanted,
          wantsActive: () => false,
          decide: (locked) =>
            locked.map(({ instance, nodes }) => {
              written += 1;
              const next = { ...instance, seq: instance.seq + 1 };
              return changes(next, {
                instanceChanged: true,
                nodes: nodes.map((row) => ({ ...row, polls: row.polls + 1 })),
              });
            }),
        });
      }
    };
    await Promise.all(Array.from({ length: 8 }, (_, seed) => writer(seed)));
    const { items } = await views.states(ids);
    // Every decision that was made is stored exactly once, so none was made again after a deadlock.
    expect(items.reduce((sum, { instance }) => sum + instance.seq - 1, 0)).toBe(written);
    expect(items.reduce((sum, { nodes }) => sum + (nodes[0]?.polls ?? 0), 0)).toBe(written);
    expect((await deadlocks(other)) - before).toBe(0);
  });

  it('runs the whole transaction again after a deadlock', async () => {
    let runs = 0;
    let arrived = 0;
    const crossing = (first: number, second: number): Promise<void> =>
      sql.transaction(async (session) => {
        runs += 1;
        await session.rows('UPDATE counter SET n = n + 1 WHERE id = ?', [first]);
        arrived += 1;
        // Both hold their first row before either asks for the second.
        while (arrived < 2) await new Promise((wake) => setTimeout(wake, 5));
        await session.rows('UPDATE counter SET n = n + 1 WHERE id = ?', [second]);
      });
    await Promise.all([crossing(1, 2), crossing(2, 1)]);
    expect(runs).toBe(3);
    expect([await counted(1), await counted(2)]).toEqual([2, 2]);
  });

  it('gives up a statement that takes too long, and with it everything before it in the transaction', async () => {
    const before = await counted(1);
    const slow = sql.transaction(async (session) => {
      await session.rows('UPDATE counter SET n = 99 WHERE id = 1');
      await session.rows('SELECT SLEEP(1)');
    }, 200);
    await expect(slow).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: { code: 'PROTOCOL_SEQUENCE_TIMEOUT' },
    });
    await new Promise((wake) => setTimeout(wake, 1100));
    expect(await counted(1)).toBe(before);
  });

  it('says that the database is away when a connection dies, and goes on with another', async () => {
    const before = await counted(2);
    const dying = sql.transaction(async (session) => {
      await session.rows('UPDATE counter SET n = 77 WHERE id = 2');
      const [row] = await session.rows('SELECT CONNECTION_ID() AS id');
      await other.query(`KILL ${row?.['id']}`);
      await session.rows('SELECT 1');
    });
    await expect(dying).rejects.toThrow(StoreUnavailable);
    expect(await counted(2)).toBe(before);
    expect(await sql.transaction((session) => session.now())).toBeGreaterThan(0);
  });

  it('says so too when locks stay in the way, and has kept no half of the work', async () => {
    await other.query('START TRANSACTION');
    await other.query('SELECT * FROM counter WHERE id = 2 FOR UPDATE');
    const before = await counted(1);
    let runs = 0;
    const waiting = sql.transaction(async (session) => {
      runs += 1;
      await session.rows('SET SESSION innodb_lock_wait_timeout = 1');
      await session.rows('UPDATE counter SET n = n + 1 WHERE id = 1');
      await session.rows('UPDATE counter SET n = n + 1 WHERE id = 2');
    });
    await expect(waiting).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: { code: 'ER_LOCK_WAIT_TIMEOUT' },
    });
    await other.query('ROLLBACK');
    expect(runs).toBe(5);
    expect(await counted(1)).toBe(before);
  });

  it('sets up every connection of the pool', async () => {
    const level = async (): Promise<unknown> =>
      sql.reading(async (session) => {
        const ask =
          "SHOW SESSION VARIABLES WHERE Variable_name IN ('transaction_isolation', 'tx_isolation', 'time_zone')";
        await session.rows('SELECT SLEEP(0.1)');
        const rows = await session.rows(ask);
        const [id] = await session.rows('SELECT CONNECTION_ID() AS id');
        return { id: id?.['id'], values: [...new Set(rows.map((row) => row['Value']))].sort() };
      });
    const seen = (await Promise.all(Array.from({ length: 8 }, level))) as { id: number; values: string[] }[];
    expect(new Set(seen.map(({ id }) => id)).size).toBe(8);
    for (const { values } of seen) expect(values).toEqual(['+00:00', 'READ-COMMITTED']);
  });

  it('reads what is due along its index, however long the backlog', async () => {
    const nodes = Array.from({ length: 300 }, (_, at) => node(`n${at}`, { queue: 77, wakeAt: 1_000_000 + at }));
    await started(storage.store, { nodes });
    const session = { index: (name: string) => `FORCE INDEX (${name})`, claiming: 'FOR UPDATE SKIP LOCKED' };
    const [plan] = await other.query(`EXPLAIN FORMAT=TRADITIONAL ${dueSql(session, 50)}`, [77, 1_000_010]);
    const [first] = plan as { key: string; type: string; rows: number | string }[];
    expect([first?.key, first?.type]).toEqual(['node_due', 'range']);
    // An estimate: of 300, those before the time.
    expect(Number(first?.rows)).toBeLessThanOrEqual(10);
    expect(await storage.store.claimLost(77, 1_000_010, 50)).toHaveLength(10);
  });

  it('migrates once when several engines start together', async () => {
    const several = await Promise.all([open(), open(), open()]);
    for (const one of several) {
      expect(await one.database.pending()).toEqual([]);
      expect(one.database.about).toMatch(/^(MariaDB|MySQL) \d+\.\d+/);
      await one.database.ping();
      await one.database.close();
      await one.database.close();
    }
  });

  it('stores nothing of a change of which the database refuses a part', async () => {
    const id = await started(storage.store);
    const broken = change(storage.store, id, [], ({ instance }) =>
      changes(
        { ...instance, seq: 7 },
        { instanceChanged: true, nodes: [done(node('first')), node('x'.repeat(65))], vars: { a: 1 } },
      ),
    );
    await expect(broken).rejects.toMatchObject({ code: 'ER_DATA_TOO_LONG' });
    const view = await storage.views.instance(id);
    expect(view).toMatchObject({ instance: { seq: 1 }, vars: {}, nodes: [{ status: 'ready' }] });
  });
});
