import { isObject } from '../flow/walk/facts.js';
import type { Json } from '../json.js';

export interface Difference {
  readonly path: readonly (string | number)[];
  readonly expected: Json;
  /** Absent: it is missing. */
  readonly actual: Json | undefined;
}

/**
 * The first place where a value is not as expected; `null` when it is. Of an object only the members that are expected
 * are compared; lists have equal length, and everything else is equal.
 */
export function differsAt(
  expected: Json,
  actual: Json | undefined,
  path: readonly (string | number)[] = [],
): Difference | null {
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual) || actual.length !== expected.length) return { path, expected, actual };
    return firstOf(expected.map((item, at) => () => differsAt(item, actual[at] as Json, [...path, at])));
  }
  if (isObject(expected)) {
    if (!isObject(actual)) return { path, expected, actual };
    return firstOf(
      Object.entries(expected).map(
        ([name, value]) =>
          () =>
            differsAt(value, memberOf(actual, name), [...path, name]),
      ),
    );
  }
  return Object.is(expected, actual) || expected === actual ? null : { path, expected, actual };
}

const memberOf = (value: Readonly<Record<string, Json>>, name: string): Json | undefined =>
  Object.hasOwn(value, name) ? value[name] : undefined;

function firstOf(checks: readonly (() => Difference | null)[]): Difference | null {
  for (const check of checks) {
    const found = check();
    if (found) return found;
  }
  return null;
}
