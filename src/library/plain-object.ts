import type { JsonObject } from '../core/json.js';
import { readJson } from '../core/read-json.js';
import { err, ok, type Result } from '../core/result.js';

/** What JSON would lose without a word. */
const LOSSY = [Map, Set, Promise, Error, WeakMap, WeakSet] as const;

/**
 * What an application hands over, as it will be read back: by the rules of JSON (a Date is its text, a member that is
 * undefined is left out), and by the bounds of every other door. What JSON would lose in silence is refused.
 */
export function plainObject(value: unknown): Result<JsonObject, { readonly code: string; readonly message: string }> {
  let text: string | undefined;
  try {
    text = JSON.stringify(value, refusing);
  } catch (fault) {
    if (fault instanceof RangeError) return none('is nested too deeply', 'TOO_DEEP');
    return none(fault instanceof Lossy ? fault.message : 'contains itself, or cannot be read');
  }
  if (text === undefined) return none('is none');
  const read = readJson(new TextEncoder().encode(text));
  return read.ok ? ok(read.value) : err(read.error);
}

class Lossy extends Error {}

function refusing(name: string, value: unknown): unknown {
  const at = name === '' ? 'is' : `has at '${name.slice(0, 60)}'`;
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Lossy(`${at} ${value}`);
  if (['bigint', 'function', 'symbol'].includes(typeof value)) throw new Lossy(`${at} a ${typeof value}`);
  const lossy = LOSSY.find((type) => value instanceof type);
  if (lossy) throw new Lossy(`${at} a ${lossy.name}`);
  return value;
}

const none = (but: string, code = 'NOT_JSON') =>
  err({ code, message: `Expected a JSON object, but it ${but}. Hand over plain data.` });
