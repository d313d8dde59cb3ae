import fc from 'fast-check';
import type { Pool } from 'mysql2';
import type { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mysqlDataSource } from '../../../../src/storage/data-source.js';
import { prepareConnections } from '../../../../src/storage/servers/prepare-connections.js';
import { MysqlSql } from '../../../../src/storage/sql/mysql.js';
import { literal } from '../../../../src/storage/sql/mysql-text.js';
import { freshDatabase } from '../../../support/servers.mjs';

const TABLE = { name: 'counter', key: ['id'], columns: ['id', 'n', 'said'] };

describe('statements that travel together', () => {
  let fresh: Awaited<ReturnType<typeof freshDatabase>>;
  let source: DataSource;
  let sql: MysqlSql;

  beforeAll(async () => {
    fresh = await freshDatabase();
    source = await mysqlDataSource(fresh.url, 4).initialize();
    const pool = (source.driver as MysqlDriver).pool as Pool;
    await prepareConnections(pool);
    sql = new MysqlSql(pool);
    await sql.reading((session) =>
      session.rows(
        'CREATE TABLE counter (id INT PRIMARY KEY, n TINYINT NOT NULL, said VARCHAR(400) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin) ENGINE=InnoDB',
      ),
    );
  });
  afterAll(async () => {
    await source.destroy();
    await fresh.drop();
  });

  const stored = (): Promise<readonly unknown[]> =>
    sql.reading((session) => session.rows('SELECT id, n FROM counter ORDER BY id'));

  it('gives back every text as it was, whatever quotes, escapes and ends of statements are in it', async () => {
    const nasty = [
      "'; DELETE FROM counter; --",
      "\\'; DELETE FROM counter; -- ",
      '\\',
      '"\\"',
      '?',
      '\0',
      '\n\r\x1a\b',
      '%_',
    ];
    const text = fc.oneof(fc.constantFrom(...nasty), fc.string({ unit: 'grapheme', maxLength: 60 }));
    await sql.transaction((session) => session.upsert(TABLE, [[0, 1, null]]));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { minLength: 1, maxLength: 20 }), async (texts) => {
        const columns = texts.map((one, at) => `${literal(one)} AS t${at}`).join(', ');
        const [row] = await sql.reading((session) => session.rows(`SELECT ${columns}`));
        expect(Object.values(row ?? {})).toEqual(texts);
        const rows = texts.map((one, at) => [at + 1, 1, one]);
        await sql.transaction((session) => session.upsert(TABLE, rows));
        const found = await sql.reading((session) =>
          session.find(
            { columns: 't.said', table: 'counter', key: ['id'] },
            rows.map(([id]) => [id as number]),
          ),
        );
        expect(found.map(({ said }) => said)).toEqual(texts);
      }),
      { numRuns: 60 },
    );
    expect((await stored())[0]).toEqual({ id: 0, n: 1 });
  });

  it('commits nothing when a statement before the commit was refused, and says which values it was', async () => {
    const refused = sql.transaction(async (session) => {
      await session.upsert(TABLE, [[101, 1, null]]);
      await session.upsert(TABLE, [[102, 1_000, null]]);
    });
    await expect(refused).rejects.toMatchObject({ code: 'ER_WARN_DATA_OUT_OF_RANGE' });
    expect(await stored()).not.toContainEqual({ id: 101, n: 1 });
  });

  it('shows a question what was written before it in the same transaction', async () => {
    const seen = await sql.transaction(async (session) => {
      await session.upsert(TABLE, [[103, 3, null]]);
      return session.rows('SELECT n FROM counter WHERE id = ?', [103]);
    });
    expect(seen).toEqual([{ n: 3 }]);
  });

  it('takes back what had not been sent yet when the work itself fails', async () => {
    const failed = sql.transaction(async (session) => {
      await session.upsert(TABLE, [[104, 4, null]]);
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    expect(await stored()).not.toContainEqual({ id: 104, n: 4 });
  });
});
