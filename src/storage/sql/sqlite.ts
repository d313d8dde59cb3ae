import type Libsql from 'libsql';
import type { Clock } from '../../engine/ports/clock.js';
import { StoreUnavailable } from '../../engine/ports/store.js';
import type { Change, Session, Sql, Value } from './session.js';
import { SqliteSession } from './sqlite-session.js';

type Handle = Libsql.Database;

/** What holds the embedded file. */
export interface FileSql extends Sql {
  /** Runs something else on the file, while no transaction is open on it and none begins. */
  alone<T>(work: () => Promise<T>): Promise<T>;
  /** Resolves when the transactions that were asked for so far are over; refuses later ones. */
  end(): Promise<void>;
}

export const closed = (): StoreUnavailable =>
  new StoreUnavailable('Expected the file to be open, but it is closed. Open it again.');

/**
 * The embedded file: one writing connection, whose transactions run one after another, and one for reading, so that
 * no reader sees into an open transaction. Without the queue a second transaction would run inside the first one,
 * and be lost with it.
 */
export class SqliteSql implements FileSql {
  private last: Promise<unknown> = Promise.resolve();
  private ended = false;
  private readonly writing: SqliteSession;
  private readonly readingSession: SqliteSession;

  constructor(
    private readonly writer: Handle,
    reader: Handle,
    clock: Clock,
  ) {
    this.writing = new SqliteSession(writer, clock);
    this.readingSession = new SqliteSession(reader, clock);
  }

  transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.alone(() => this.guarded(() => this.run(work)));
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }

  reading<T>(work: (session: Session) => Promise<T>): Promise<T> {
    return this.guarded(() => work(this.readingSession));
  }

  change(what: Change, keys: readonly (readonly Value[])[]): Promise<void> {
    return this.transaction((session) => session.change(what, keys));
  }

  async end(): Promise<void> {
    await this.last;
    this.ended = true;
  }

  private async run<T>(work: (session: Session) => Promise<T>): Promise<T> {
    this.writer.exec('BEGIN IMMEDIATE');
    try {
      const answer = await work(this.writing);
      this.writer.exec('COMMIT');
      return answer;
    } catch (error) {
      // A full disk or a failed commit may have rolled back by itself.
      if (this.writer.inTransaction) this.writer.exec('ROLLBACK');
      throw error;
    }
  }

  private async guarded<T>(work: () => Promise<T>): Promise<T> {
    if (this.ended) throw closed();
    try {
      return await work();
    } catch (error) {
      throw faultOf(error);
    }
  }
}

/** The driver's error as the store's: the same one when it is about values, else that the file is away. */
export function faultOf(error: unknown): unknown {
  const { name, code = '', message } = error as Error & { code?: string };
  if (name !== 'SqliteError' || /^SQLITE_(CONSTRAINT|MISMATCH|TOOBIG)/.test(code)) return error;
  return new StoreUnavailable(`Expected the file to carry out a statement, but: ${message} (${code}).`, {
    cause: error,
    // The word for everything that has no word of its own.
    unclassified: code === 'SQLITE_ERROR' || code === 'SQLITE_RANGE',
  });
}
