import type Libsql from 'libsql';
import type { Clock } from '../../engine/ports/clock.js';
import {
  type Amend,
  type Change,
  checked,
  type Find,
  insertHead,
  leanOf,
  type Row,
  type Session,
  type Table,
  updateList,
  type Value,
} from './session.js';

/** Run with one list of values: as values of their own the driver would gather and flatten them first. */
type Statement = Libsql.Statement<[values: readonly Value[]]>;

/** A question that answers lists of values: the driver would give each value its name anew, in every row. */
interface Reader {
  readonly statement: Statement;
  readonly columns: readonly string[];
}

/** Rows of instances as lists of values, and other rows as one JSON text of such lists. */
export interface LockLists {
  readonly rows: readonly (readonly Value[])[];
  readonly found: string;
}

/** A connection to the file. */
export class SqliteSession implements Session {
  readonly claiming = '';
  private readonly statements = new Map<string, Statement>();
  private readonly readers = new Map<string, Reader>();
  private readonly upserts = new Map<string, string>();

  constructor(
    private readonly handle: Libsql.Database,
    private readonly clock: Pick<Clock, 'now'>,
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
    const rows = this.all(instancesSql(columns), [JSON.stringify(ids)]);
    return { now: this.clock.now(), rows, found: await this.find(also, keys) };
  }

  /** What {@link lock} answers, without the names of columns, and what was found as one JSON text: it goes to another thread. */
  lockLists(ids: readonly string[], columns: string, also: Find, keys: readonly (readonly Value[])[]): LockLists {
    const rows = this.lists(instancesSql(columns), [JSON.stringify(ids)]).lists;
    return { rows, found: keys.length === 0 ? '[]' : this.foundText(also, keys) };
  }

  async rows(sql: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    return this.all(sql, values);
  }

  async rowsAndNow(sql: string): Promise<{ now: number; rows: readonly Row[] }> {
    return { now: this.clock.now(), rows: this.all(sql, []) };
  }

  async find(what: Find, keys: readonly (readonly Value[])[]): Promise<readonly Row[]> {
    if (keys.length === 0) return [];
    if (what.short === true) return namedText(what, this.foundText(what, keys));
    return this.all(`SELECT ${what.columns} ${fromSql(what)}`, [JSON.stringify(keys)]);
  }

  async change(what: Change, keys: readonly (readonly Value[])[]): Promise<void> {
    if (keys.length === 0) return;
    const where = [...what.key.map((column) => `${column} = ?`), ...(what.where === undefined ? [] : [what.where])];
    const head = what.set === undefined ? `DELETE FROM ${what.table}` : `UPDATE ${what.table} SET ${what.set}`;
    const statement = this.prepared(`${head} WHERE ${where.join(' AND ')}`);
    for (const key of keys) statement.run([...(what.values ?? []), ...key, ...(what.whereValues ?? [])]);
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
    const fixed = Object.entries(set);
    // Words stand in the text, for there are few of them; numbers are times.
    const given = fixed.flatMap(([, value]) => (typeof value === 'number' ? [checked(value)] : []));
    const list = fixed.map(([name, value]) => `${name} = ${typeof value === 'number' ? '?' : plain(value)}`);
    const all = [...list, updateList(table, () => '?', columns)].filter(Boolean).join(', ');
    const where = table.key.map((column) => `${column} = ?`).join(' AND ');
    const statement = this.prepared(`UPDATE ${table.name} SET ${all} WHERE ${where}`);
    const keys = table.key.length;
    for (const row of rows) statement.run([...given, ...allChecked(row).slice(keys), ...row.slice(0, keys)]);
  }

  async lay(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    if (rows.length > 0) this.each(`${this.insertSql(table)} ON CONFLICT DO NOTHING`, rows);
  }

  private each(sql: string, rows: readonly (readonly Value[])[]): void {
    if (rows.length === 0) return;
    const statement = this.prepared(sql);
    for (const row of rows) statement.run(allChecked(row));
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
    const { columns, lists } = this.lists(sql, values);
    return lists.map((row) => named(columns, row));
  }

  private lists(
    sql: string,
    values: readonly Value[],
  ): { readonly columns: readonly string[]; readonly lists: Value[][] } {
    const { statement, columns } = this.reader(sql);
    return { columns, lists: statement.all(allChecked(values)) as Value[][] };
  }

  /** In one text: handing over value by value costs more than writing and reading JSON. */
  foundText(what: Find, keys: readonly (readonly Value[])[]): string {
    const sql = `SELECT json_group_array(json_array(${what.columns})) AS found ${fromSql(what)}`;
    const [all] = this.all(sql, [JSON.stringify(keys)]);
    return String(all?.['found']);
  }

  private reader(sql: string): Reader {
    let reader = this.readers.get(sql);
    if (reader === undefined) {
      const statement = this.handle.prepare<[readonly Value[]]>(sql).raw();
      reader = { statement, columns: statement.columns().map(({ name }) => name) };
      this.readers.set(sql, reader);
    }
    return reader;
  }

  /** The statements are few: each is one text however many rows or keys it is run with. */
  private prepared(sql: string): Statement {
    let statement = this.statements.get(sql);
    if (statement === undefined) {
      statement = this.handle.prepare<[readonly Value[]]>(sql);
      this.statements.set(sql, statement);
    }
    return statement;
  }
}

const instancesSql = (columns: string): string =>
  `SELECT ${columns} FROM instance WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id`;

function fromSql({ key, table, where }: Find): string {
  const on = key.map((column, at) => `t.${column} = k.wanted ->> ${at}`).join(' AND ');
  const tail = where === undefined ? '' : ` WHERE ${where}`;
  return `FROM (SELECT value AS wanted FROM json_each(?)) k CROSS JOIN ${table} t ON ${on}${tail}`;
}

/** A value of the program's own as SQL text. */
const plain = (value: Value): string =>
  value === null ? 'NULL' : typeof value === 'number' ? `${value}` : `'${value}'`;

function allChecked(values: readonly Value[]): readonly Value[] {
  for (const value of values) checked(value);
  return values;
}

/** The rows of a JSON text of lists. */
export function namedText({ columns }: Find, text: string): readonly Row[] {
  const names = columns.split(', ').map((column) => column.slice(column.indexOf('.') + 1));
  return (JSON.parse(text) as Value[][]).map((row) => named(names, row));
}

export function named(columns: readonly string[], values: readonly Value[]): Row {
  const row: Record<string, Value> = {};
  for (let at = 0; at < columns.length; at++) row[columns[at] as string] = values[at] as Value;
  return row;
}
