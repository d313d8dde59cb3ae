import type { PoolConnection } from 'mysql2';
import { StoreUnavailable } from '../../engine/ports/store.js';
import { faultOf, meansBroken } from './mysql-faults.js';
import { filled, insertText, literal, matching, type Shape, shapeOfAmend, shapesOf } from './mysql-text.js';
import {
  type Amend,
  type Change,
  type Find,
  isPlain,
  pieces,
  type Row,
  type Session,
  type Table,
  type Value,
} from './session.js';

const ROWS_PER_STATEMENT = 1000;
/** Writes that wait for the next question are sent without one from here on, in characters. */
const MOST_HELD = 1_000_000;

/**
 * A connection in use. What writes waits, and travels with the next question or the commit: a transaction is then two
 * or three turns to the server and back, however many statements it has. The server stops at the first that fails, so
 * what fails is told by whatever was sent with it, and a commit behind it is not carried out.
 */
export class MysqlSession implements Session {
  readonly claiming = 'FOR UPDATE SKIP LOCKED';
  private broken = false;
  /** Whether a transaction was asked for, and what of it the server has not seen. */
  private open = false;
  private held: string[] = [];
  private size = 0;
  private sent = false;

  constructor(
    private readonly connection: PoolConnection,
    private readonly timeoutMs: number,
  ) {}

  begin(): void {
    this.open = true;
    this.held.push('START TRANSACTION');
  }

  index(name: string): string {
    return `FORCE INDEX (${name})`;
  }

  async now(): Promise<number> {
    const rows = await this.rows(ASK_NOW);
    return Number(rows[0]?.['now']);
  }

  async lock(
    ids: readonly string[],
    columns: string,
    also: Find,
    keys: readonly (readonly Value[])[],
  ): Promise<{ now: number; rows: readonly Row[]; found: readonly Row[] }> {
    const locks = [...pieces(ids.filter(isPlain), ROWS_PER_STATEMENT)].map(
      (piece) =>
        `SELECT ${columns} FROM instance${BY_PRIMARY} WHERE id IN (${piece.map(literal).join(',')}) ORDER BY id ${this.claiming}`,
    );
    // The time is a question of its own: as a column it was reckoned anew for each row, at 1 µs.
    const answers = await this.ask([...locks, ASK_NOW, ...this.finding(also, keys)]);
    const [now, ...found] = answers.slice(locks.length);
    return { now: Number(now?.[0]?.['now']), rows: answers.slice(0, locks.length).flat(), found: found.flat() };
  }

  async find(what: Find, keys: readonly (readonly Value[])[]): Promise<readonly Row[]> {
    return (await this.ask(this.finding(what, keys))).flat();
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
      await this.write(`${head} WHERE (${matching(what.key, piece)})${and}`);
    }
  }

  /** Sent at once: the caller wants to know whether it was a duplicate. */
  async insert(table: Table, rows: readonly (readonly Value[])[]): Promise<void> {
    await this.send(shapesOf(table).insert, rows);
    await this.ask([]);
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

  async rows(sql: string, values: readonly Value[] = []): Promise<readonly Row[]> {
    const [rows] = await this.ask([values.length > 0 ? filled(sql, values) : sql]);
    return rows as readonly Row[];
  }

  async rowsAndNow(sql: string): Promise<{ now: number; rows: readonly Row[] }> {
    const rows = await this.rows(`SELECT found.*, ${NOW} AS now FROM (${sql}) found`);
    return { now: rows.length > 0 ? Number(rows[0]?.['now']) : await this.now(), rows };
  }

  /** When this fails nobody knows whether it was done. It is not asked again: the caller's guards decide. */
  async commit(): Promise<void> {
    if (!this.open || !(this.sent || this.held.length > 1)) return;
    const alone = this.held.length === 0;
    try {
      await this.ask(['COMMIT']);
    } catch (error) {
      // The server has said what was wrong with a statement before it, and so has not come to the commit.
      if (!alone && !meansBroken(error)) throw error;
      this.broken = true;
      throw new StoreUnavailable('Expected the database to commit, but it did not say so.', { cause: error });
    }
  }

  /** Also after a lock wait that ran out, which undoes the statement alone: a commit would keep half of the work. */
  async rollback(): Promise<void> {
    this.held = [];
    if (this.broken || !this.sent) return;
    try {
      await this.ask(['ROLLBACK']);
    } catch {
      this.broken = true;
    }
  }

  /** Back to the pool, unless it cannot be trusted. */
  release(): void {
    if (this.broken) this.connection.destroy();
    else this.connection.release();
  }

  private finding(what: Find, keys: readonly (readonly Value[])[]): string[] {
    const and = what.where === undefined ? '' : ` AND ${what.where}`;
    const hint = what.claim || what.byPrimary ? BY_PRIMARY : '';
    const tail = what.claim ? ` ${this.claiming}` : '';
    const columns = what.key.map((column) => `t.${column}`);
    const usable = keys.filter((key) => key.every(isPlain));
    return [...pieces(usable, ROWS_PER_STATEMENT)].map(
      (piece) => `SELECT ${what.columns} FROM ${what.table} t${hint} WHERE (${matching(columns, piece)})${and}${tail}`,
    );
  }

  private async send(shape: Shape, rows: readonly (readonly Value[])[]): Promise<void> {
    for (let at = 0; at < rows.length; ) {
      const { sql, next } = insertText(shape, rows, at);
      await this.write(sql);
      at = next;
    }
  }

  /** Waits for the next question; outside a transaction nobody would ask it. */
  private async write(sql: string): Promise<void> {
    this.held.push(sql);
    this.size += sql.length;
    if (!this.open || this.size > MOST_HELD) await this.ask([]);
  }

  /** Sends what is held and these, and answers the rows of these. */
  private async ask(statements: readonly string[]): Promise<readonly (readonly Row[])[]> {
    const texts = [...this.held, ...statements];
    this.held = [];
    this.size = 0;
    if (texts.length === 0) return [];
    this.sent = true;
    const answer = await this.query(texts.join(';'));
    // One statement answers itself, several a list of answers.
    const all = texts.length === 1 ? [answer] : (answer as readonly unknown[]);
    return all.slice(texts.length - statements.length) as readonly (readonly Row[])[];
  }

  /**
   * The time is taken here and not by the driver, which counts from when it sends a statement, and forgets those that
   * wait on a connection that is destroyed: whoever asked would wait for ever, and all that is behind it.
   */
  private query(sql: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        // The statement may still run, and a later commit on the connection would commit it.
        this.broken = true;
        reject(faultOf(silence(this.timeoutMs)));
      }, this.timeoutMs);
      this.connection.query(sql, (error, answer) => {
        clearTimeout(timer);
        if (error === null) return resolve(answer);
        const fault = faultOf(error);
        this.broken ||= meansBroken(fault);
        reject(fault);
      });
    });
  }
}

const silence = (ms: number): Error =>
  Object.assign(new Error(`no answer within ${ms} ms`), { code: 'PROTOCOL_SEQUENCE_TIMEOUT' });

const NOW = 'CAST(UNIX_TIMESTAMP(NOW(3)) * 1000 AS SIGNED)';
const ASK_NOW = `SELECT ${NOW} AS now`;

/**
 * Without it a small table is scanned whole, and rows that nobody asked for are locked, or waited for, on the way. With it MySQL
 * does not look for a better way either, which is a tenth of the work of reading 170 rows by their keys.
 */
const BY_PRIMARY = ' FORCE INDEX (PRIMARY)';
