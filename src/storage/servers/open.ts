import type { Pool } from 'mysql2';
import type { DataSource } from 'typeorm';
import type { MysqlDriver } from 'typeorm/driver/mysql/MysqlDriver.js';
import type { Log } from '../../engine/ports/log.js';
import { migrate, mysqlDataSource, pendingMigrations } from '../data-source.js';
import { Database } from '../database.js';
import { MysqlSql } from '../sql/mysql.js';
import { checkServer } from './check-server.js';
import { impatient, PATIENT, prepareConnections } from './prepare-connections.js';

/** Two committers, reads, starts, sweeps and the console side by side. */
const POOL_SIZE = 16;

/** Its name has a hash, for it may have 64 characters alone; and not MD5's, which MySQL 9.7 has no more. */
const MIGRATION_LOCK = `CONCAT('sluice.migrate.', LEFT(SHA2(DATABASE(), 256), 32))`;

/** Opens a MySQL or MariaDB database, sets up every connection, and checks that the server keeps what it commits. */
export async function openServers(
  url: string,
  options: { readonly migrate: boolean; readonly allowInsecure: boolean },
  log: Log,
): Promise<{ sql: MysqlSql; database: Database }> {
  const source = mysqlDataSource(url, POOL_SIZE);
  await source.initialize().catch((error: unknown) => {
    throw unreachable(url, error);
  });
  try {
    const pool = (source.driver as MysqlDriver).pool as Pool;
    await prepareConnections(pool);
    const sql = new MysqlSql(pool);
    const about = await sql.reading((session) => checkServer(session, options.allowInsecure, log));
    const database = new ServerDatabase(source, sql, about);
    // Without looking first, each start would wait for whoever holds the lock and is not heard of any more.
    if (options.migrate && (await database.pending()).length > 0) await database.migrate();
    return { sql, database };
  } catch (error) {
    await source.destroy();
    throw error;
  }
}

/** Never repeats the user or the password. */
function unreachable(url: string, error: unknown): unknown {
  const { code, message } = Object(error) as { readonly code?: string; readonly message?: string };
  if (code === undefined) return error;
  const what =
    code === 'ER_ACCESS_DENIED_ERROR' || code === 'ER_DBACCESS_DENIED_ERROR'
      ? 'it lets nobody in with this name and password'
      : `it cannot be used (${code}: ${message ?? ''})`;
  return new Error(
    `Expected the database at ${new URL(url).host} to take connections, but ${what}. Start it, or correct SLUICE_DATABASE_URL.`,
    { cause: error },
  );
}

class ServerDatabase extends Database {
  private closed: Promise<void> | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly sql: MysqlSql,
    readonly about: string,
  ) {
    super();
  }

  pending(): Promise<readonly string[]> {
    return pendingMigrations(this.source);
  }

  /** Data definition commits by itself here, so a named lock keeps engines that start together apart. */
  migrate(): Promise<readonly string[]> {
    return this.sql.reading(async (session) => {
      await session.rows(PATIENT);
      const rows = await session.rows(`SELECT GET_LOCK(${MIGRATION_LOCK}, 60) AS mine`);
      if (rows[0]?.['mine'] !== 1) {
        throw new Error(
          'Expected to migrate the schema, but another engine has been doing so for a minute. Try again.',
        );
      }
      try {
        return await migrate(this.source);
      } finally {
        await session.rows(`DO RELEASE_LOCK(${MIGRATION_LOCK})`);
        await session.rows(impatient());
      }
    }, 90_000);
  }

  async ping(): Promise<void> {
    await this.sql.reading((session) => session.now());
  }

  close(): Promise<void> {
    this.closed ??= this.source.destroy();
    return this.closed;
  }
}
