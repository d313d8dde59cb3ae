/** What goes into and comes out of a column. Never a boolean, never a Buffer: the embedded driver aborts on both. */
export type Value = string | number | null;
export type Row = Readonly<Record<string, Value>>;

/** A table as the upserts need it. Its primary key must be its only unique key. */
export interface Table {
  readonly name: string;
  readonly key: readonly string[];
  readonly columns: readonly string[];
  /** Columns that a NULL does not overwrite. */
  readonly keep?: readonly string[];
  /** What columns without a value get, as the table itself says: rows that hold just this need not spell it out. */
  readonly usual?: Readonly<Record<string, Value>>;
}

/** New values for rows that are there: `columns` differ from row to row, `set` is the same in all of them. */
export interface Amend {
  readonly table: Table;
  readonly columns: readonly string[];
  readonly set: Readonly<Record<string, Value>>;
}

/** `SELECT columns FROM table t WHERE <key columns match one of the keys> AND where`; the table's alias is `t`. */
export interface Find {
  readonly columns: string;
  readonly table: string;
  readonly key: readonly string[];
  readonly where?: string;
  /** Locks what it finds, and passes over what others hold. */
  readonly claim?: boolean;
  /** The key is the primary key or what it begins with, and no other index is worth a look. */
  readonly byPrimary?: boolean;
  /** The columns are of `t`, by name, and none of them holds long texts. */
  readonly short?: boolean;
}

/** `UPDATE table SET set WHERE <key columns match one of the keys> AND where`; both texts may hold places for values. */
export interface Change {
  readonly table: string;
  /** Without it the rows are deleted. */
  readonly set?: string;
  readonly values?: readonly Value[];
  /** The primary key, or columns that it begins with, perhaps with others after them. */
  readonly key: readonly string[];
  readonly where?: string;
  readonly whereValues?: readonly Value[];
}

/** One connection, in a transaction or not. Not for use by two callers at once. */
export interface Session {
  /** Database time in milliseconds. */
  now(): Promise<number>;
  /**
   * Locks rows of `instance` by ascending id, skipping locked ones, tells the database time, and then finds other rows,
   * also of instances that were skipped.
   */
  lock(
    ids: readonly string[],
    columns: string,
    also: Find,
    keys: readonly (readonly Value[])[],
  ): Promise<{ readonly now: number; readonly rows: readonly Row[]; readonly found: readonly Row[] }>;
  rows(sql: string, values?: readonly Value[]): Promise<readonly Row[]>;
  /** Also tells the database time, of before the first row was read. */
  rowsAndNow(sql: string): Promise<{ readonly now: number; readonly rows: readonly Row[] }>;
  find(what: Find, keys: readonly (readonly Value[])[]): Promise<readonly Row[]>;
  change(what: Change, keys: readonly (readonly Value[])[]): Promise<void>;
  /** Rejects when a row is there already; {@link isDuplicate} tells. */
  insert(table: Table, rows: readonly (readonly Value[])[]): Promise<void>;
  upsert(table: Table, rows: readonly (readonly Value[])[]): Promise<void>;
  /** Each row is its key, then the values of `columns`. The rows must be there: what is not may be made or left out. */
  amend(what: Amend, rows: readonly (readonly Value[])[]): Promise<void>;
  /** Inserts the rows whose key is free and locks all of them; those that are there stay as they are. */
  lay(table: Table, rows: readonly (readonly Value[])[]): Promise<void>;
  /** Put after a SELECT that claims rows: others' locks are skipped where there are others. */
  readonly claiming: string;
  /** Put after a table's name: this index and no other. */
  index(name: string): string;
}

/** A database of either dialect. */
export interface Sql {
  /** Runs `work` in one transaction, again from the start after a deadlock. Never repeats a commit. */
  transaction<T>(work: (session: Session) => Promise<T>, timeoutMs?: number): Promise<T>;
  /** A change that is a transaction of its own: one statement where the server takes it as one. */
  change(what: Change, keys: readonly (readonly Value[])[]): Promise<void>;
  /** Runs statements outside a transaction, each reading what is committed. */
  reading<T>(work: (session: Session) => Promise<T>, timeoutMs?: number): Promise<T>;
}

export const insertHead = (table: Table, columns: readonly string[] = table.columns): string =>
  `INSERT INTO ${table.name} (${columns.join(', ')}) VALUES `;

/** What rows usually hold and then leave to the table's defaults, and the places of the columns that are always written. */
interface Lean {
  readonly left: readonly (readonly [at: number, value: Value])[];
  /** `null` for a table of which nothing is usual. */
  readonly places: readonly number[] | null;
}

const leans = new Map<string, Lean>();

export function leanOf(table: Table): Lean {
  let lean = leans.get(table.name);
  if (lean === undefined) {
    const left = Object.entries(table.usual ?? {}).map(
      ([name, value]) => [table.columns.indexOf(name), value] as const,
    );
    const out = new Set(left.map(([at]) => at));
    const places = left.length === 0 ? null : table.columns.map((_, at) => at).filter((at) => !out.has(at));
    lean = { left, places };
    leans.set(table.name, lean);
  }
  return lean;
}

/** What an upsert sets; `excluded` names the new value of a column. */
export function updateList(
  table: Table,
  excluded: (column: string) => string,
  columns: readonly string[] = table.columns,
): string {
  return columns
    .filter((column) => !table.key.includes(column))
    .map((column) =>
      table.keep?.includes(column)
        ? `${column} = COALESCE(${excluded(column)}, ${table.name}.${column})`
        : `${column} = ${excluded(column)}`,
    )
    .join(', ');
}

/** Refuses what no column holds. The embedded driver would not fail on it, but end the process. */
export function checked(value: Value): Value {
  if (value === null || typeof value === 'string' || Number.isFinite(value)) return value;
  throw new TypeError(`Expected a text, a finite number or null for a column, but got ${String(value)}.`);
}

/** Whether a statement failed because a row with its key is there already. */
export function isDuplicate(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ER_DUP_ENTRY' || (code?.startsWith('SQLITE_CONSTRAINT') ?? false);
}

/**
 * Whether a value can stand in a column of ids and words. A server refuses to compare others with such a column, so
 * they are left out of the question: they cannot be there.
 */
export const isPlain = (value: Value): boolean => typeof value !== 'string' || /^[\x20-\x7e]*$/.test(value);

/** Splits into pieces of at most `size`. */
export function* pieces<T>(items: readonly T[], size: number): Generator<readonly T[]> {
  for (let at = 0; at < items.length; at += size) yield items.slice(at, at + size);
}
