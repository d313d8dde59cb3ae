import { type Page, UnknownCursor } from '../../engine/ports/views.js';
import { isPlain, type Value } from '../sql/session.js';

/** Cursors are the keys of the last row, opaque to callers. */
const cursorOf = (keys: readonly Value[]): string => Buffer.from(JSON.stringify(keys)).toString('base64url');

/** @throws {UnknownCursor} for one that is none of ours. */
export function keysOf(cursor: string | undefined, length: number): readonly Value[] | null {
  if (cursor === undefined) return null;
  const keys = readable(cursor);
  if (Array.isArray(keys) && keys.length === length && keys.every(isValue)) return keys as Value[];
  throw new UnknownCursor();
}

function readable(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return null;
  }
}

/** What keys are: a forged one could be what a server cannot compare, or write down, and would fail the statement. */
const isValue = (value: unknown): boolean =>
  typeof value === 'string' ? isPlain(value) : typeof value === 'number' && Number.isFinite(value);

/** Cuts a page out of rows of which one more was read than is shown. */
export function pageOf<R, T>(
  rows: readonly R[],
  limit: number,
  item: (row: R) => T,
  keys: (row: R) => readonly Value[],
): Page<T> {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  const more = rows.length > limit && last !== undefined;
  return { items: shown.map(item), next: more ? cursorOf(keys(last)) : null };
}

export const pageSize = (limit: number): number => Math.min(200, Math.max(1, Math.trunc(limit)));
