import Libsql from 'libsql';
import { format } from 'mysql2';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { migrations } from '../../migrations/all.js';
import { prepareFile } from './embedded/prepare-file.js';
import { ROWS } from './store/tables.js';

const SHARED = {
  entities: [...ROWS],
  migrations,
  migrationsTableName: 'sluice_migration',
  synchronize: false,
  logging: false,
} satisfies Partial<DataSourceOptions>;

/** The embedded file. Commits are on the disk when they answer. */
export function embeddedDataSource(file: string): DataSource {
  return new DataSource({
    ...SHARED,
    type: 'better-sqlite3',
    driver: Libsql,
    database: file,
    prepareDatabase: (handle: Libsql.Database) => prepareFile(handle),
  });
}

/** @param url `mysql://user:password@host:port/database`; `poolSize` connections at most. */
export function mysqlDataSource(url: string, poolSize: number): DataSource {
  const { hostname, port, username, password, pathname, searchParams } = parseUrl(url);
  const plain = ['', 'false', '0'].includes(searchParams.get('ssl') ?? '');
  return new DataSource({
    ...SHARED,
    type: 'mysql',
    host: hostname.replace(/^\[|\]$/g, ''),
    port: port === '' ? 3306 : Number(port),
    username: decodeURIComponent(username),
    password: decodeURIComponent(password),
    database: decodeURIComponent(pathname.slice(1)),
    charset: 'utf8mb4_bin',
    timezone: 'Z',
    supportBigNumbers: true,
    bigNumberStrings: false,
    multipleStatements: true,
    connectTimeout: 10_000,
    poolSize,
    ...(plain ? {} : { ssl: { rejectUnauthorized: true } }),
    extra: { enableKeepAlive: true, idleTimeout: 60_000, maxIdle: poolSize, queryFormat },
  });
}

/** The driver searches every text for places, also when there is nothing to put there: a twentieth of the engine's time. */
function queryFormat(sql: string, values?: Parameters<typeof format>[1]): string {
  return values === undefined || (Array.isArray(values) && values.length === 0) ? sql : format(sql, values, false, 'Z');
}

function parseUrl(url: string): URL {
  let parsed: URL | undefined;
  try {
    parsed = new URL(url);
  } catch {
    // Told below: the address itself may hold a password, so it is not repeated.
  }
  if (parsed === undefined || !/^(mysql|mariadb):$/.test(parsed.protocol) || parsed.pathname.length < 2) {
    throw new Error(
      'Expected SLUICE_DATABASE_URL to be mysql://user:password@host:port/database, but it is not. Correct it.',
    );
  }
  return parsed;
}

/** Names of the migrations that have not run yet. */
export async function pendingMigrations(source: DataSource): Promise<readonly string[]> {
  const runner = source.createQueryRunner();
  try {
    const known = await runner.hasTable(SHARED.migrationsTableName);
    const done = known
      ? ((await runner.query(`SELECT name FROM ${SHARED.migrationsTableName}`)) as { name: string }[])
      : [];
    const names = new Set(done.map(({ name }) => name));
    return migrations.map(({ name }) => name).filter((name) => !names.has(name));
  } finally {
    if (source.options.type !== 'better-sqlite3') await runner.release();
  }
}

/** Runs what is pending, each migration in a transaction of its own where the dialect allows; answers the names. */
export async function migrate(source: DataSource): Promise<readonly string[]> {
  const done = await source.runMigrations({ transaction: 'each' });
  return done.map(({ name }) => name);
}
