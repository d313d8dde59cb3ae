import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import Libsql from 'libsql';
import type { DataSource } from 'typeorm';
import type { BetterSqlite3Driver } from 'typeorm/driver/better-sqlite3/BetterSqlite3Driver.js';
import type { Clock } from '../../engine/ports/clock.js';
import { embeddedDataSource, migrate, pendingMigrations } from '../data-source.js';
import { Database } from '../database.js';
import { type FileSql, SqliteSql } from '../sql/sqlite.js';
import { lockFile } from './lock-file.js';
import { prepareFile } from './prepare-file.js';
import { Writer } from './thread/carry-out.js';
import { ThreadedSql } from './thread/threaded-sql.js';
import { WriterLink } from './thread/writer-link.js';

/** The thread that writes the file. */
export interface WriterThread {
  readonly script: URL;
  /**
   * Most rows of a transaction that the caller's own thread carries out while the other one idles: for one instance, messages
   * there and back take longer than its statements. Default 8.
   */
  readonly few?: number;
}

interface Ended {
  /** Told when the thread ends although the file is open; the next transaction begins another. */
  readonly ended: (why: unknown) => void;
}

/** Program of {@link WriterThread}; there once the sources are compiled. */
export const WRITER_SCRIPT = new URL('./thread/writer-thread.js', import.meta.url);

const FEW = 8;

/**
 * Opens `<folder>/sluice.db`, made and migrated if need be. One process at a time.
 *
 * @param thread writes; left out: the caller's own thread does, and every statement holds it up.
 */
export async function openEmbedded(
  folder: string,
  clock: Clock,
  thread?: WriterThread & Ended,
): Promise<{ sql: FileSql; database: Database }> {
  const lock = lockedFolder(folder);
  const file = join(folder, 'sluice.db');
  const source = embeddedDataSource(file);
  try {
    await source.initialize();
    await migrate(source);
    const writer = (source.driver as BetterSqlite3Driver).databaseConnection as Libsql.Database;
    const reader = new Libsql(file);
    prepareFile(reader);
    reader.pragma('query_only = ON');
    // As on the servers, where texts compare byte by byte.
    reader.pragma('case_sensitive_like = ON');
    const sql =
      thread === undefined ? new SqliteSql(writer, reader, clock) : await threaded(file, writer, reader, clock, thread);
    return { sql, database: new EmbeddedDatabase(source, reader, sql, lock) };
  } catch (error) {
    if (source.isInitialized) await source.destroy();
    lock.release();
    throw unusable(file, error);
  }
}

/** After the migrations, which run on a connection of this thread. */
async function threaded(
  file: string,
  writer: Libsql.Database,
  reader: Libsql.Database,
  clock: Clock,
  { script, few = FEW, ended }: WriterThread & Ended,
): Promise<ThreadedSql> {
  const sql = new ThreadedSql(
    () => new WriterLink(file, script, ended),
    { here: new Writer(writer), few },
    reader,
    clock,
  );
  await sql.ready();
  return sql;
}

function lockedFolder(folder: string): ReturnType<typeof lockFile> {
  try {
    makeFolder(folder);
    return lockFile(join(folder, 'sluice.lock'), `the process ${process.pid}`);
  } catch (error) {
    throw unusable(folder, error);
  }
}

/** With those above it. Asked for all at once, Node never ends in a folder that takes none, such as /proc. */
function makeFolder(folder: string): void {
  const above = dirname(folder);
  if (!existsSync(above) && above !== folder) makeFolder(above);
  mkdirSync(folder, { recursive: existsSync(folder), mode: 0o700 });
}

/** What the system or SQLite says, about what and with what to do; what was said by Sluice itself stays. */
function unusable(path: string, error: unknown): unknown {
  const { code, message } = Object(error) as { readonly code?: string; readonly message?: string };
  if (code === undefined) return error;
  if (code === 'SQLITE_NOTADB' || code === 'SQLITE_CORRUPT')
    return new Error(
      `Expected a database of Sluice at ${path}, but it is none, or it is damaged. Put a copy there, or name another folder with SLUICE_DATA.`,
      { cause: error },
    );
  return new Error(
    `Expected to read and write at ${path}, but the system does not let it (${code}: ${message ?? ''}). ` +
      'Give it the right and the room, or name another folder with SLUICE_DATA.',
    { cause: error },
  );
}

class EmbeddedDatabase extends Database {
  readonly about: string;
  private closed: Promise<void> | undefined;

  constructor(
    private readonly source: DataSource,
    private readonly reader: Libsql.Database,
    private readonly sql: FileSql,
    private readonly lock: { release(): void },
  ) {
    super();
    // `all` and not `get`, here and below: `get` leaves its statement open, and the reader would see old rows for ever.
    const [row] = reader.prepare('SELECT sqlite_version() AS version').all() as { version: string }[];
    this.about = `SQLite ${row?.version}`;
  }

  pending(): Promise<readonly string[]> {
    return this.sql.alone(() => pendingMigrations(this.source));
  }

  migrate(): Promise<readonly string[]> {
    return this.sql.alone(() => migrate(this.source));
  }

  async ping(): Promise<void> {
    this.reader.prepare('SELECT 1').all();
  }

  close(): Promise<void> {
    this.closed ??= this.end();
    return this.closed;
  }

  private async end(): Promise<void> {
    await this.sql.end();
    this.reader.close();
    await this.source.destroy();
    this.lock.release();
  }
}
