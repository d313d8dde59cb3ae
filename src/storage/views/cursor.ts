import type { Page } from '../../engine/ports/views.js';
import { isPlain, type Value } from '../sql/session.js';

/** Cursors are the keys of the last row, opaque to callers. A cursor that is none of ours starts at the beginning. */
const cursorOf = (keys: readonly Value[]): string => Buffer.from(JSON.stringify(keys)).toString('base64url');

export function keysOf(cursor: string | undefined, length: number): readonly Value[] | null {
  if (cursor === undefined) return null;
  try {
    const keys: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    const fits = Array.isArray(keys) && keys.length === length && keys.every(isValue);
    return fits ? (keys as Value[]) : null;
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
