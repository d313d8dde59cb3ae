import type Libsql from 'libsql';
import type { Clock } from '../../engine/ports/clock.js';
import { StoreUnavailable } from '../../engine/ports/store.js';
import {
  type Amend,
  type Change,
  checked,
  type Find,
  insertHead,
  leanOf,
  type Row,
  type Session,
  type Sql,
  type Table,
  updateList,
  type Value,
} from './session.js';

type Handle = Libsql.Database;
type Statement = Libsql.Statement<Value[]>;

/**
 * The embedded file: one writing connection, whose transactions run one after another, and one for reading, so that
 * no reader sees into an open transaction. Without the queue a second transaction would run inside the first one,
 * and be lost with it.
 */
export class SqliteSql implements Sql {
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

  /** Runs something else on the writing connection, while no transaction is open on it. */
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

  /** Resolves when the transactions that were asked for so far are over; refuses later ones. */
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
    if (this.ended) throw new StoreUnavailable('Expected the file to be open, but it is closed. Open it again.');
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

class SqliteSession implements Session {
  readonly claiming = '';
  private readonly statements = new Map<string, Statement>();
  private readonly upserts = new Map<string, string>();

  constructor(
    private readonly handle: Handle,
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
    keys: readonly (readonly Value[])[],
  ): Promise<{ now: number; rows: readonly Row[]; found: readonly Row[] }> {
    const sql = `SELECT ${columns} FROM instance WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`;
    const rows = this.all(sql, [JSON.stringify(ids)]);
    return { now: this.clock.now(), rows, found: await this.find(also, keys) };
  }

  async rows(sql: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return this.all(sql, values);
  }

  async find(what: Find, keys: readonly (readonly Value[])[]): Promise<readonly Row[]> {
    if (keys.length === 0) return [];
    const on = what.key.map((column, at) => `t.${column} = k.wanted ->> ${at}`).join(' AND ');
    const tail = what.where === undefined ? '' : ` WHERE ${what.where}`;
    const sql = `SELECT ${what.columns} FROM (SELECT value AS wanted FROM json_each(?)) k CROSS JOIN ${what.table} t ON ${on}${tail}`;
    return this.all(sql, [JSON.stringify(keys)]);
  }

  async change(what: Change, keys: readonly (readonly Value[])[]): Promise<void> {
    if (keys.length === 0) return;
    const where = [...what.key.map((column) => `${column} = ?`), ...(what.where === undefined ? [] : [what.where])];
    const head = what.set === undefined ? `DELETE FROM ${what.table}` : `UPDATE ${what.table} SET ${what.set}`;
    const statement = this.prepared(`${head} WHERE ${where.join(' AND ')}`);
    for (const key of keys) statement.run(...(what.values ?? []), ...key, ...(what.whereValues ?? []));
  }

  async insert(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    if (rows.length > 0) this.each(this.insertSql(table), rows);
  }

  async upsert(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    const { left, places } = leanOf(table);
    if (places === null) return this.each(this.upsertSql(table), rows);
    const lean: Value[][] = [];
    const whole: (readonly Value[])[] = [];
    for (const row of rows) {
      if (left.every(([at, value]) => row[at] === value)) lean.push(places.map((at) => row[at] as Value));
      else whole.push(row);
    }
    this.each(this.upsertSql(table, true), lean);
    this.each(this.upsertSql(table), whole);
  }

  async amend({ table, columns, set }: Amend, rows: readonly (readonly Value[])[]): Promise<void> {
    if (rows.length === 0) return;
    const [names, fixed] = [Object.keys(set), Object.values(set).map(checked)];
    const list = [...names.map((name) => `${name} = ?`), updateList(table, () => '?', columns)].filter(Boolean);
    const where = table.key.map((column) => `${column} = ?`).join(' AND ');
    const statement = this.prepared(`UPDATE ${table.name} SET ${list.join(', ')} WHERE ${where}`);
    const keys = table.key.length;
    for (const row of rows)
      statement.run(...fixed, ...row.slice(keys).map(checked), ...row.slice(0, keys).map(checked));
  }

  async lay(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    if (rows.length > 0) this.each(`${this.insertSql(table)} ON CONFLICT DO NOTHING`, rows);
  }

  private each(sql: string, rows: readonly (readonly Value[])[]): void {
    if (rows.length === 0) return;
    const statement = this.prepared(sql);
    for (const row of rows) statement.run(...row.map(checked));
  }

  /** @param lean Whether what is usual stands in the text: a value that need not be handed over. */
  private upsertSql(table: Table, lean = false): string {
    const name = lean ? `${table.name}, lean` : table.name;
    const known = this.upserts.get(name);
    if (known !== undefined) return known;
    const update = updateList(table, (column) => `excluded.${column}`);
    const sql = `${this.insertSql(table, lean ? table.usual : {})} ON CONFLICT (${table.key.join(', ')}) DO UPDATE SET ${update}`;
    this.upserts.set(name, sql);
    return sql;
  }

  private insertSql(table: Table, usual: Table['usual'] = {}): string {
    const places = table.columns.map((column) => (Object.hasOwn(usual, column) ? plain(usual[column] ?? null) : '?'));
    return `${insertHead(table)}(${places.join(', ')})`;
  }

  private all(sql: string, values: readonly Value[]): readonly Row[] {
    return this.prepared(sql).all(...values.map(checked)) as readonly Row[];
  }

  /** The statements are few: each is one text however many rows or keys it is run with. */
  private prepared(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.handle.prepare<Value[]>(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

/** A value of the program's own as SQL text. */
const plain = (value: Value): string =>
  value === null ? 'NULL' : typeof value === 'number' ? `${value}` : `'${value}'`;
