import { expect } from 'vitest';
import type { Expected } from './expected.js';
import type { Call } from './ledger.js';

/** What is known of an instance by whatever door it was asked for. */
export interface Seen {
  readonly id: string;
  readonly key: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly active: number;
  readonly incidents: number;
}

/**
 * What holds when all is over: every start has one instance with the right end, every task node was called and no
 * other was, each always with the same key and no two with one key, and nothing is active.
 */
export function checkOutcomes(starts: readonly Expected[], seen: readonly Seen[], all: readonly Call[]): void {
  expect(seen.map(({ key, status, outcome }) => `${key} ${status} ${outcome}`).sort()).toEqual(
    starts.map(({ key, outcome }) => `${key} completed ${outcome}`).sort(),
  );
  expect(seen.filter(({ active, incidents }) => active !== 0 || incidents !== 0)).toEqual([]);

  const keyOf = new Map(seen.map(({ id, key }) => [id, key]));
  const calls = all.filter(({ instance }) => keyOf.has(instance));
  const expected = starts.flatMap(({ key, visits }) => visits.map((visit) => `${key} ${visit}`)).sort();
  const called = new Set(calls.map((call) => `${keyOf.get(call.instance)} ${visitedBy(call)}`));
  expect([...called].sort()).toEqual(expected);

  const visitOf = new Map<string, string>();
  for (const call of calls) {
    const { instance, idempotencyKey } = call;
    const visited = `${instance} ${visitedBy(call)}`;
    expect(visitOf.get(idempotencyKey) ?? visited, 'the visit that has this key').toBe(visited);
    visitOf.set(idempotencyKey, visited);
  }
  expect(visitOf.size, 'keys that handlers were called with').toBe(expected.length);
}

/** Undoing a visit is told from the visit by its key. */
const visitedBy = ({ node, visit, idempotencyKey }: Call): string =>
  `${node} ${visit}${idempotencyKey.endsWith('.undo') ? '.undo' : ''}`;
