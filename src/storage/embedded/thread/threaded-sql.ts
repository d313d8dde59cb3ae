import type Libsql from 'libsql';
import type { Clock } from '../../../engine/ports/clock.js';
import type { Change, Session, Value } from '../../sql/session.js';
import { closed, type FileSql, faultOf } from '../../sql/sqlite.js';
import { SqliteSession } from '../../sql/sqlite-session.js';
import type { Writer } from './carry-out.js';
import { ThreadedSession } from './threaded-session.js';
import type { WriterLink } from './writer-link.js';

/** Most transactions, with the one that begins, for which there is no load: an instance that ends and the one that comes next. */
const SHORT_LINE = 2;

/** How transactions of at most `few` rows are carried out in this thread, while the other one idles and hardly anybody waits. */
interface Small {
  readonly here: Writer;
  readonly few: number;
}

/**
 * The embedded file, written by a thread of its own: statements run beside the engine. Transactions run one after another;
 * the next one begins as soon as the one before has sent its commit, since the thread keeps to the order of what it is sent.
 */
export class ThreadedSql implements FileSql {
  private last: Promise<void> = Promise.resolve();
  /** Transactions that were asked for and have not passed their turn on. */
  private inLine = 0;
  private ended = false;
  private link: WriterLink;
  private readonly readingSession: SqliteSession;

  /** @param open begins a thread; again, when one has ended and the next transaction comes. */
  constructor(
    private readonly open: () => WriterLink,
    private readonly small: Small,
    reader: Libsql.Database,
    private readonly clock: Clock,
  ) {
    this.link = open();
    this.readingSession = new SqliteSession(reader, clock);
  }

  async transaction<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const done = await this.inTurn(async () => {
      let isHere = false;
      const session = new ThreadedSession((rows) => {
        const link = this.writer();
        isHere = rows <= this.small.few && this.inLine <= SHORT_LINE && link.isIdle;
        return isHere ? this.small.here : link;
      }, this.clock);
      try {
        const answer = await work(session);
        const committed = session.commit();
        // Nobody may begin on the same connection before.
        if (isHere) await committed;
        return { answer, committed };
      } catch (error) {
        const back = session.rollback();
        if (isHere) await back;
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
    this.inLine++;
    let pass = (): void => {};
    this.last = new Promise((resolve) => {
      pass = resolve;
    });
    await before;
    try {
      if (this.ended) throw closed();
      return await work();
    } finally {
      this.inLine--;
      pass();
    }
  }

  private writer(): WriterLink {
    if (this.link.isOver) this.link = this.open();
    return this.link;
  }
}
