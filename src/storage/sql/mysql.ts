import type { Pool, PoolConnection } from 'mysql2';
import { StoreUnavailable } from '../../engine/ports/store.js';
import { faultOf, meansAgain, meansBroken } from './mysql-faults.js';
import { filled, insertText, literal, matching, type Shape, shapeOfAmend, shapesOf } from './mysql-text.js';
import {
  type Amend,
  type Change,
  type Find,
  isPlain,
  pieces,
  type Row,
  type Session,
  type Sql,
  type Table,
  type Value,
} from './session.js';

const QUERY_TIMEOUT_MS = 10_000;
const TRIES = 5;
const ROWS_PER_STATEMENT = 1000;

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
    return this.send(shapesOf(table).insert, rows);
  }

  async upsert(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    const { whole, lean, isLean } = shapesOf(table);
    if (lean === null) return this.send(whole, rows);
    await this.send(lean, rows.filter(isLean));
    await this.send(
      whole,
      rows.filter((row) => !isLean(row)),
    );
  }

  amend(what: Amend, rows: readonly (readonly Value[])[]): Promise<void> {
    return this.send(shapeOfAmend(what), rows);
  }

  lay(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    return this.send(shapesOf(table).lay, rows);
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

  private async send(shape: Shape, rows: readonly (readonly Value[])[]): Promise<void> {
    for (let at = 0; at < rows.length; ) {
      const { sql, next } = insertText(shape, rows, at);
      await this.rows(sql);
      at = next;
    }
  }
}

const NOW = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';

/** Without it a small table is scanned whole, and rows that nobody asked for are locked, or waited for, on the way. */
const BY_PRIMARY = ' FORCE INDEX (PRIMARY)';
