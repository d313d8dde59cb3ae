import { escape as escaped, type Pool, type PoolConnection } from 'mysql2';
import { StoreUnavailable } from '../../engine/ports/store.js';
import { faultOf, meansAgain, meansBroken } from './mysql-faults.js';
import {
  type Change,
  checked,
  type Find,
  insertHead,
  isPlain,
  pieces,
  type Row,
  type Session,
  type Sql,
  type Table,
  updateList,
  type Value,
} from './session.js';

const QUERY_TIMEOUT_MS = 10_000;
const TRIES = 5;
const ROWS_PER_STATEMENT = 1000;
const CHARS_PER_STATEMENT = 1_000_000;

/** MySQL and MariaDB, over the pool of the data source. */
export class MysqlSql implements Sql {
  constructor(private readonly pool: Pool) {}

  async transaction<T>(work: (session: Session) => Promise<T>, timeoutMs = QUERY_TIMEOUT_MS): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.attempt(work, timeoutMs);
      } catch (error) {
        if (tries >= TRIES || !meansAgain(error)) throw error;
      }
      await new Promise((wake) => setTimeout(wake, 5 + Math.random() * 195));
    }
  }

  async reading<T>(work: (session: Session) => Promise<T>, timeoutMs = QUERY_TIMEOUT_MS): Promise<T> {
    const session = new MysqlSession(await this.connect(), timeoutMs);
    try {
      return await work(session);
    } finally {
      session.release();
    }
  }

  private async attempt<T>(work: (session: Session) => Promise<T>, timeoutMs: number): Promise<T> {
    const session = new MysqlSession(await this.connect(), timeoutMs);
    try {
      await session.rows('START TRANSACTION');
      const answer = await work(session);
      await session.commit();
      return answer;
    } catch (error) {
      await session.rollback();
      throw error;
    } finally {
      session.release();
    }
  }

  private connect(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.pool.getConnection((error, connection) => (error ? reject(faultOf(error)) : resolve(connection)));
    });
  }
}

class MysqlSession implements Session {
  readonly claiming = 'FOR UPDATE SKIP LOCKED';
  private broken = false;

  constructor(
    private readonly connection: PoolConnection,
    private readonly timeoutMs: number,
  ) {}

  index(name: string): string {
    return `FORCE INDEX (${name})`;
  }

  async now(): Promise<number> {
    const rows = await this.rows(`SELECT ${NOW} AS now`);
    return Number(rows[0]?.['now']);
  }

  async lock(ids: readonly string[], columns: string): Promise<{ now: number; rows: readonly Row[] }> {
    const rows: Row[] = [];
    for (const piece of pieces(ids.filter(isPlain), ROWS_PER_STATEMENT)) {
      // Without the hint a small table is scanned whole, and rows that nobody asked for are locked on the way.
      const from = `FROM instance FORCE INDEX (PRIMARY) WHERE id IN (${piece.map(literal).join(',')})`;
      rows.push(...(await this.rows(`SELECT ${columns}, ${NOW} AS now ${from} ORDER BY id ${this.claiming}`)));
    }
    return { now: Number(rows.at(-1)?.['now'] ?? 0), rows };
  }

  async find(what: Find, keys: readonly (readonly Value[])[]): Promise<readonly Row[]> {
    const rows: Row[] = [];
    const and = what.where === undefined ? '' : ` AND ${what.where}`;
    const hint = what.claim ? BY_PRIMARY : '';
    const tail = what.claim ? ` ${this.claiming}` : '';
    for (const piece of pieces(
      keys.filter((key) => key.every(isPlain)),
      ROWS_PER_STATEMENT,
    )) {
      const match = matching(
        what.key.map((column) => `t.${column}`),
        piece,
      );
      rows.push(
        ...(await this.rows(`SELECT ${what.columns} FROM ${what.table} t${hint} WHERE (${match})${and}${tail}`)),
      );
    }
    return rows;
  }

  async change(what: Change, keys: readonly (readonly Value[])[]): Promise<void> {
    const and = what.where === undefined ? '' : ` AND ${filled(what.where, what.whereValues ?? [])}`;
    const from = `${what.table} t${BY_PRIMARY}`;
    const head =
      what.set === undefined ? `DELETE t FROM ${from}` : `UPDATE ${from} SET ${filled(what.set, what.values ?? [])}`;
    for (const piece of pieces(
      keys.filter((key) => key.every(isPlain)),
      ROWS_PER_STATEMENT,
    )) {
      await this.rows(`${head} WHERE (${matching(what.key, piece)})${and}`);
    }
  }

  insert(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    return this.send(table, rows, '');
  }

  upsert(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    return this.send(table, rows, ` ON DUPLICATE KEY UPDATE ${updateOf(table)}`);
  }

  lay(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    const [first] = table.key;
    return this.send(table, rows, ` ON DUPLICATE KEY UPDATE ${first} = ${table.name}.${first}`);
  }

  rows(sql: string, values?: readonly Value[]): Promise<readonly Row[]> {
    return new Promise((resolve, reject) => {
      // Without values mysql2 does not search the text for places.
      const options = { sql, timeout: this.timeoutMs, ...(values?.length ? { values: [...values] } : {}) };
      this.connection.query(options, (error, rows) => {
        if (error === null) return resolve(rows as unknown as readonly Row[]);
        const fault = faultOf(error);
        // After a timeout the statement still runs, and a later commit on the connection would commit it.
        this.broken ||= meansBroken(fault);
        reject(fault);
      });
    });
  }

  /** When this fails nobody knows whether it was done. It is not asked again: the caller's guards decide. */
  async commit(): Promise<void> {
    try {
      await this.rows('COMMIT');
    } catch (error) {
      this.broken = true;
      throw new StoreUnavailable('Expected the database to commit, but it did not say so.', { cause: error });
    }
  }

  /** Also after a lock wait that ran out, which undoes the statement alone: a commit would keep half of the work. */
  async rollback(): Promise<void> {
    if (this.broken) return;
    try {
      await this.rows('ROLLBACK');
    } catch {
      this.broken = true;
    }
  }

  /** Back to the pool, unless it cannot be trusted. */
  release(): void {
    if (this.broken) this.connection.destroy();
    else this.connection.release();
  }

  private async send(table: Table, rows: readonly (readonly Value[])[], tail: string): Promise<void> {
    let text = '';
    let count = 0;
    for (const row of rows) {
      text += `${count === 0 ? '(' : ',('}${row.map(literal).join(',')})`;
      count++;
      if (count < ROWS_PER_STATEMENT && text.length < CHARS_PER_STATEMENT) continue;
      await this.rows(`${insertHead(table)}${text}${tail}`);
      text = '';
      count = 0;
    }
    if (count > 0) await this.rows(`${insertHead(table)}${text}${tail}`);
  }
}

const NOW = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';

const updates = new Map<string, string>();

function updateOf(table: Table): string {
  let update = updates.get(table.name);
  if (update === undefined) {
    update = updateList(table, (column) => `VALUES(${column})`);
    updates.set(table.name, update);
  }
  return update;
}

/** Without it a small table is scanned whole, and rows that nobody asked for are locked, or waited for, on the way. */
const BY_PRIMARY = ' FORCE INDEX (PRIMARY)';

/**
 * `a IN (…)`, or `(a, b) IN ((…), …)`: both servers turn it into ranges of the index. An OR took twice the time. A single
 * row is named by equalities: MariaDB scans the whole table for an IN of one.
 */
function matching(columns: readonly string[], keys: readonly (readonly Value[])[]): string {
  const [only] = keys;
  if (keys.length === 1 && only)
    return columns.map((column, at) => `${column} = ${literal(only[at] ?? null)}`).join(' AND ');
  if (columns.length === 1) return `${columns[0]} IN (${keys.map((key) => literal(key[0] ?? null)).join(',')})`;
  return `(${columns.join(', ')}) IN (${keys.map((key) => `(${key.map(literal).join(',')})`).join(',')})`;
}

/** Puts values into their places here, and not in the driver, which would find places in the texts of keys too. */
function filled(sql: string, values: readonly Value[]): string {
  const [first = '', ...rest] = sql.split('?');
  return first + rest.map((part, at) => `${literal(values[at] ?? null)}${part}`).join('');
}

const PLAIN = /^[\w .:,;()<>=+@/-]*$/;

/** A value as SQL text. Ids, words and short sentences need no escaping, and are most of what is written. */
function literal(value: Value): string {
  if (typeof value === 'string') return PLAIN.test(value) ? `'${value}'` : escaped(value);
  return value === null ? 'NULL' : String(checked(value));
}
