import type { Clock } from '../../../engine/ports/clock.js';
import type { Amend, Change, Find, Row, Session, Table, Value } from '../../sql/session.js';
import { type LockLists, named, namedText } from '../../sql/sqlite-session.js';
import type { Found, Lists, Order, Question, Way, Write } from './orders.js';

/**
 * One transaction of the embedded file, in the thread that writes or, where that takes longer than the work, here. What
 * answers nothing is gathered, and travels with the next question or with the commit: a hot transaction is two messages
 * there and two back, however many statements it has.
 */
export class ThreadedSession implements Session {
  readonly claiming = '';
  private writes: Write[] = [];
  private way: Way | null = null;

  /** @param choose is asked once, with the rows that the first order is about; Infinity: nobody knows how many. */
  constructor(
    private readonly choose: (rows: number) => Way,
    private readonly clock: Clock,
  ) {}

  index(name: string): string {
    return `INDEXED BY ${name}`;
  }

  async now(): Promise<number> {
    return this.clock.now();
  }

  async lock(
    ids: readonly string[],
    columns: string,
    also: Find,
    keys: Lists,
  ): Promise<{ now: number; rows: readonly Row[]; found: readonly Row[] }> {
    const { rows, found } = (await this.give(['lock', ids, columns, also, keys])) as LockLists;
    const names = columns.split(', ');
    return { now: this.clock.now(), rows: rows.map((row) => named(names, row)), found: namedText(also, found) };
  }

  async rows(sql: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return (await this.give(['rows', sql, values])) as readonly Row[];
  }

  async rowsAndNow(sql: string): Promise<{ now: number; rows: readonly Row[] }> {
    const now = this.clock.now();
    return { now, rows: await this.rows(sql) };
  }

  async find(what: Find, keys: Lists): Promise<readonly Row[]> {
    if (keys.length === 0) return [];
    const found = await this.give(['find', what, keys]);
    return typeof found === 'string' ? namedText(what, found) : (found as readonly Row[]);
  }

  async change(what: Change, keys: Lists): Promise<void> {
    if (keys.length > 0) this.writes.push(['change', what, keys]);
  }

  /** Sent at once: the caller wants to know whether it was a duplicate. */
  async insert(table: Table, rows: Lists): Promise<void> {
    if (rows.length === 0) return;
    this.writes.push(['insert', table, rows]);
    await this.give(null);
  }

  async upsert(table: Table, rows: Lists): Promise<void> {
    if (rows.length > 0) this.writes.push(['upsert', table, rows]);
  }

  async amend(what: Amend, rows: Lists): Promise<void> {
    if (rows.length > 0) this.writes.push(['amend', what, rows]);
  }

  async lay(table: Table, rows: Lists): Promise<void> {
    if (rows.length > 0) this.writes.push(['lay', table, rows]);
  }

  /** When this fails because the thread has ended, nobody knows whether it was done. */
  async commit(): Promise<void> {
    if (this.way !== null || this.writes.length > 0) await this.give(null, 'commit');
  }

  /** In the thread it need not be waited for: what comes behind it is carried out behind it. Never rejects. */
  async rollback(): Promise<void> {
    this.writes = [];
    if (this.way !== null) await this.give(null, 'rollback').catch(() => undefined);
  }

  private give(question: Question | null, end: Order['end'] = null): Promise<Found> {
    const { writes } = this;
    this.writes = [];
    const begins = this.way === null;
    this.way ??= this.choose(rowsOf(writes, question));
    return this.way.give({ begins, writes, question, end });
  }
}

function rowsOf(writes: readonly Write[], question: Question | null): number {
  let rows = 0;
  for (const write of writes) rows += write[2].length;
  if (question === null) return rows;
  switch (question[0]) {
    case 'lock':
      return rows + question[1].length;
    case 'find':
      return rows + question[2].length;
    case 'rows':
      return Infinity;
  }
}
