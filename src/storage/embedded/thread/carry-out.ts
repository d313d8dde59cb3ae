import type Libsql from 'libsql';
import { SqliteSession } from '../../sql/sqlite-session.js';
import { type Answer, type Found, type Order, type Question, unpacked, type Way, type Write } from './orders.js';

const TAKEN_BACK = 'Expected the transaction to be open, but it was taken back. Begin it again.';

/** The writing connection, as orders move it. Whatever fails takes its whole transaction back before it is answered. */
export class Writer implements Way {
  private readonly session: SqliteSession;

  constructor(private readonly handle: Libsql.Database) {
    // The engine's thread tells the time.
    this.session = new SqliteSession(handle, { now: () => 0 });
  }

  /** Never rejects. */
  async carryOut(order: Order): Promise<Answer> {
    try {
      return { found: await this.steps(order) };
    } catch (error) {
      return { fault: this.failed(error) };
    }
  }

  /** As a thread would answer, in the caller's own. */
  async give(order: Order): Promise<Found> {
    return unpacked(await this.carryOut(order));
  }

  private async steps({ begins, writes, question, end }: Order): Promise<Found> {
    if (begins) this.handle.exec('BEGIN IMMEDIATE');
    // What failed has taken its transaction back; what was sent behind it would be committed by itself.
    else if ((writes.length > 0 || question !== null) && !this.handle.inTransaction) throw new Error(TAKEN_BACK);
    for (const write of writes) await this.write(write);
    const found = question === null ? null : await this.answer(question);
    if (end === 'commit') this.handle.exec('COMMIT');
    else if (end === 'rollback') this.rollback();
    else if (end === 'close') this.handle.close();
    return found;
  }

  private write([what, on, rows]: Write): Promise<void> {
    switch (what) {
      case 'amend':
        return this.session.amend(on, rows);
      case 'change':
        return this.session.change(on, rows);
      default:
        return this.session[what](on, rows);
    }
  }

  private async answer(question: Question): Promise<Found> {
    switch (question[0]) {
      case 'lock':
        return this.session.lockLists(question[1], question[2], question[3], question[4]);
      case 'find':
        return question[1].short === true
          ? this.session.foundText(question[1], question[2])
          : this.session.find(question[1], question[2]);
      case 'rows':
        return this.session.rows(question[1], question[2]);
    }
  }

  private failed(error: unknown) {
    const { name, code, message } = error as Error & { code?: string };
    try {
      this.rollback();
    } catch {
      // The next one to begin will say that the file is away.
    }
    return { name, code, message };
  }

  /** A full disk or a failed commit may have rolled back by itself. */
  private rollback(): void {
    if (this.handle.inTransaction) this.handle.exec('ROLLBACK');
  }
}
