import { type Amend, checked, insertHead, leanOf, type Table, updateList, type Value } from './session.js';

/** SQL as text. Much of the server's time goes into reading it, so nothing is spelled out that need not be. */

const ROWS_PER_STATEMENT = 1000;
const CHARS_PER_STATEMENT = 1_000_000;

/** An insert of many rows: what stands before and after them, and which of a row's values are written (all if null). */
export interface Shape {
  readonly head: string;
  readonly tail: string;
  readonly places: readonly number[] | null;
}

interface Shapes {
  readonly insert: Shape;
  readonly lay: Shape;
  readonly whole: Shape;
  /** Rows that hold the usual values leave them to the table; `null` where it has none. */
  readonly lean: Shape | null;
  readonly isLean: (row: readonly Value[]) => boolean;
}

const known = new Map<string, Shapes>();

export function shapesOf(table: Table): Shapes {
  let shapes = known.get(table.name);
  if (shapes === undefined) {
    shapes = compute(table);
    known.set(table.name, shapes);
  }
  return shapes;
}

function compute(table: Table): Shapes {
  const head = insertHead(table);
  // The new value of a column that is left out is the table's default.
  const update = ` ON DUPLICATE KEY UPDATE ${updateList(table, newValue)}`;
  const [first] = table.key;
  const { left, places } = leanOf(table);
  const leanHead = insertHead(
    table,
    places?.map((at) => table.columns[at] as string),
  );
  return {
    insert: { head, tail: '', places: null },
    lay: { head, tail: ` ON DUPLICATE KEY UPDATE ${first} = ${table.name}.${first}`, places: null },
    whole: { head, tail: update, places: null },
    lean: places === null ? null : { head: leanHead, tail: update, places },
    isLean: (row) => left.every(([at, value]) => row[at] === value),
  };
}

/**
 * An upsert whose insert never happens: the rows are there and locked. An UPDATE would have to name each of them twice,
 * for its key and for its values.
 */
export function shapeOfAmend({ table, columns, set }: Amend): Shape {
  const fixed = Object.entries(set).map(([name, value]) => `${name} = ${literal(value)}`);
  const list = [...fixed, updateList(table, newValue, columns)].filter(Boolean).join(', ');
  return {
    head: insertHead(table, [...table.key, ...columns]),
    tail: ` ON DUPLICATE KEY UPDATE ${list}`,
    places: null,
  };
}

const newValue = (column: string): string => `VALUES(${column})`;

/** One statement for the rows from `at` on, as many as it may have, and where the next one begins. */
export function insertText(
  { head, tail, places }: Shape,
  rows: readonly (readonly Value[])[],
  at: number,
): { readonly sql: string; readonly next: number } {
  let text = head;
  let next = at;
  const end = Math.min(rows.length, at + ROWS_PER_STATEMENT);
  while (next < end && (next === at || text.length < CHARS_PER_STATEMENT)) {
    const row = rows[next] as readonly Value[];
    text += next === at ? '(' : ',(';
    const count = places === null ? row.length : places.length;
    for (let place = 0; place < count; place++) {
      if (place > 0) text += ',';
      text += literal(row[places === null ? place : (places[place] as number)] as Value);
    }
    text += ')';
    next++;
  }
  return { sql: text + tail, next };
}

/**
 * `a IN (…)`, or `(a, b) IN ((…), …)`: both servers turn it into ranges of the index. An OR took twice the time. A single
 * row is named by equalities: MariaDB scans the whole table for an IN of one.
 */
export function matching(columns: readonly string[], keys: readonly (readonly Value[])[]): string {
  const [only] = keys;
  if (keys.length === 1 && only)
    return columns.map((column, at) => `${column} = ${literal(only[at] ?? null)}`).join(' AND ');
  if (columns.length === 1) return `${columns[0]} IN (${keys.map((key) => literal(key[0] ?? null)).join(',')})`;
  return `(${columns.join(', ')}) IN (${keys.map((key) => `(${key.map(literal).join(',')})`).join(',')})`;
}

/** Puts values into their places here, and not in the driver, which would find places in the texts of keys too. */
export function filled(sql: string, values: readonly Value[]): string {
  const [first = '', ...rest] = sql.split('?');
  return first + rest.map((part, at) => `${literal(values[at] ?? null)}${part}`).join('');
}

/** Every connection is opened with an `sql_mode` in which a backslash escapes, and these are all that must be. */
const EVERY_SPECIAL = /['\\\0]/g;

/** Searching for one character at a time is a tenth of the work that a set of them is, in a text of a kilobyte. */
const isSpecial = (text: string): boolean => text.includes("'") || text.includes('\\') || text.includes('\0');

/** A value as SQL text. Most texts, JSON among them, need no escaping, and the server is quicker with those. */
export function literal(value: Value): string {
  if (typeof value !== 'string') return value === null ? 'NULL' : String(checked(value));
  return isSpecial(value)
    ? `'${value.replace(EVERY_SPECIAL, (found) => (found === '\0' ? '\\0' : `\\${found}`))}'`
    : `'${value}'`;
}
