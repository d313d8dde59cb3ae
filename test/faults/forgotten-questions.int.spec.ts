import type { Pool, PoolConnection } from 'mysql2';
import type { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { mysqlDataSource } from '../../src/storage/data-source.js';
import { prepareConnections } from '../../src/storage/servers/prepare-connections.js';
import { MysqlSql } from '../../src/storage/sql/mysql.js';
import { freshDatabase } from '../support/servers.mjs';

/** The driver tells nobody of what waits on a connection that is destroyed: a committer waited for that once, for ever. */
describe('questions that the driver forgets', () => {
  let fresh: { url: string; drop(): Promise<void> };
  let source: DataSource;
  let pool: Pool;
  let sql: MysqlSql;

  beforeEach(async () => {
    fresh = await freshDatabase();
    source = await mysqlDataSource(fresh.url, 4).initialize();
    pool = (source.driver as MysqlDriver).pool as Pool;
    sql = new MysqlSql(pool);
  });
  afterEach(async () => {
    await source.destroy();
    await fresh.drop();
  });

  it('are given up in time, and the connection with them', async () => {
    await prepareConnections(pool);
    let taken: PoolConnection | undefined;
    pool.once('acquire', (connection) => {
      taken = connection;
      connection.query('SELECT SLEEP(2)', () => {});
    });
    // It waits behind the other one, so that the driver has not begun to count.
    const asking = sql.reading((session) => session.rows('SELECT 1 AS one'), 300);
    await new Promise((wake) => setTimeout(wake, 50));
    taken?.destroy();
    await expect(asking).rejects.toMatchObject({
      name: 'StoreUnavailable',
      cause: { code: 'PROTOCOL_SEQUENCE_TIMEOUT' },
    });
    expect(await sql.reading((session) => session.now())).toBeGreaterThan(0);
  });

  it('are answered at once when the connection could not be set up before them', async () => {
    const silenceThatNoServerTakes = Number.NaN;
    await expect(prepareConnections(pool, silenceThatNoServerTakes)).rejects.toThrow('wait_timeout');
    const asking = sql.reading((session) => session.rows('SELECT 1 AS one'), 60_000);
    await expect(asking).rejects.toMatchObject({ name: 'StoreUnavailable' });
  });

  it('come behind every setting of their connection', async () => {
    await prepareConnections(pool, 47);
    const sessions = await Promise.all(
      [1, 2, 3].map(() => sql.reading((session) => session.rows('SELECT @@wait_timeout AS s, SLEEP(0.1) AS z'))),
    );
    expect(sessions.map(([row]) => Number(row?.['s']))).toEqual([47, 47, 47]);
  });
});
