import type Libsql from 'libsql';
import type { Clock } from '../../../engine/ports/clock.js';
import type { Change, Session, Value } from '../../sql/session.js';
import { closed, type FileSql, faultOf } from '../../sql/sqlite.js';
import { SqliteSession } from '../../sql/sqlite-session.js';
import { ThreadedSession } from './threaded-session.js';
import type { WriterLink } from './writer-link.js';

/**
 * The embedded file, written by a thread of its own: statements run beside the engine. Transactions run one after another;
 * the next one begins as soon as the one before has sent its commit, since the thread keeps to the order of what it is sent.
 */
export class ThreadedSql implements FileSql {
  private last: Promise<void> = Promise.resolve();
  private ended = false;
  private link: WriterLink;
  private readonly readingSession: SqliteSession;

  /** @param open begins a thread; again, when one has ended and the next transaction comes. */
  constructor(
    private readonly open: () => WriterLink,
    reader: Libsql.Database,
    private readonly clock: Clock,
  ) {
    this.link = open();
    this.readingSession = new SqliteSession(reader, clock);
  }

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const done = await this.inTurn(async () => {
      const session = new ThreadedSession(this.writer(), this.clock);
      try {
        const answer = await work(session);
        return { answer, committed: session.commit() };
      } catch (error) {
        session.rollback();
        throw faultOf(error);
      }
    });
    try {
      await done.committed;
    } catch (error) {
      throw faultOf(error);
    }
    return done.answer;
  }

  change(what: Change, keys: readonly (readonly Value[])[]): Promise<void> {
    return this.transaction((session) => session.change(what, keys));
  }

  alone<T>(work: () => Promise<T>): Promise<T> {
    return this.inTurn(async () => {
      await this.writer().settle();
      return work();
    });
  }

  async reading<T>(work: (session: Session) => Promise<T>): Promise<T> {
    if (this.ended) throw closed();
    try {
      return await work(this.readingSession);
    } catch (error) {
      throw faultOf(error);
    }
  }

  /** Resolves when the thread is there and has opened the file. */
  ready(): Promise<void> {
    return this.writer().settle();
  }

  async end(): Promise<void> {
    await this.last;
    this.ended = true;
    await this.link.close();
  }

  private async inTurn<T>(work: () => Promise<T>): Promise<T> {
    const before = this.last;
    let pass = (): void => {};
    this.last = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    try {
      if (this.ended) throw closed();
      return await work();
    } finally {
      pass();
    }
  }

  private writer(): WriterLink {
    if (this.link.isOver) this.link = this.open();
    return this.link;
  }
}
