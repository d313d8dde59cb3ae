import type { Reads } from '../../definition/reads.js';
import type { Scope } from '../../expression.js';
import type { Json, JsonObject } from '../../json.js';

/** `result` and `_result`, on their way from a finished task through gateways and `set` nodes. */
export interface Carried {
  readonly result: Json;
  readonly flag: boolean;
}

/**
 * Copies what is read of a value. The walk goes through objects only: where it meets anything else, that value is
 * copied as it is, so that reading on gives the same answer from the copy as from the original.
 */
export function pick(value: Json, reads: Reads): Json {
  if (reads.whole || !isObject(value)) return value;
  const members: [string, Json][] = [];
  for (const [name, below] of reads.members) {
    if (Object.hasOwn(value, name)) members.push([name, pick(value[name] as Json, below)]);
  }
  return Object.fromEntries(members);
}

/** What expressions can read right now. `carried` is what `result` and `_result` stand for, if anything. */
export function scopeOf(facts: JsonObject, carried: Carried | null): Scope {
  const scope = Object.create(null) as Record<string, Json>;
  scope['input'] = scope['vars'] = {};
  Object.assign(scope, facts);
  if (carried) {
    scope['result'] = carried.result;
    scope['_result'] = carried.flag;
  }
  return scope;
}

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** An arrival that a join consumed in the same transition has changed nothing. */
export function sameArrivals(a: Readonly<Record<number, number>>, b: Readonly<Record<number, number>>): boolean {
  if (a === b) return true;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[Number(key)] === b[Number(key)]);
}
