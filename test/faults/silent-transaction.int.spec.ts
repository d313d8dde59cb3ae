import type { Pool } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import type { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { StoreUnavailable } from '../../src/engine/ports/store.js';
import { mysqlDataSource } from '../../src/storage/data-source.js';
import { prepareConnections } from '../../src/storage/servers/prepare-connections.js';
import { MysqlSql } from '../../src/storage/sql/mysql.js';
import { pause } from '../support/engine/stage.js';
import { freshDatabase } from '../support/servers.mjs';

const SILENCE_S = 1;

let fresh: Awaited<ReturnType<typeof freshDatabase>>;
let source: DataSource;
let sql: MysqlSql;

beforeAll(async () => {
  fresh = await freshDatabase();
  source = await mysqlDataSource(fresh.url, 4).initialize();
  const pool = (source.driver as MysqlDriver).pool as Pool;
  await prepareConnections(pool, SILENCE_S);
  sql = new MysqlSql(pool);
  await sql.reading(async (session) => {
    await session.rows('CREATE TABLE counter (id INT PRIMARY KEY, n INT NOT NULL) ENGINE=InnoDB');
    await session.rows('INSERT INTO counter VALUES (1, 0)');
  });
});

afterAll(async () => {
  await source.destroy();
  await fresh.drop();
});

it('gives its locks back when an engine falls asleep within it, and its connections are made anew', async () => {
  const locked = deferred();
  const asleep = sql.transaction(async (session) => {
    await session.rows('UPDATE counter SET n = n + 1 WHERE id = 1');
    locked.resolve();
    await pause(3_000 * SILENCE_S);
  });
  const outcome = expect(asleep).rejects.toBeInstanceOf(StoreUnavailable);
  await locked.promise;
  const other = await createConnection({ uri: fresh.url });
  await other.query('UPDATE counter SET n = n + 10 WHERE id = 1');
  await other.end();
  await outcome;
  expect(await sql.reading((session) => session.rows('SELECT n FROM counter'))).toEqual([{ n: 10 }]);
});

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => {};
  const promise = new Promise<void>((done) => {
    resolve = done;
  });
  return { promise, resolve };
}
