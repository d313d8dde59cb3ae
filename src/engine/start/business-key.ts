import type { Json } from '../../core/json.js';
import { err, ok, type Result } from '../../core/result.js';
import type { StartRefusal } from './refusal.js';

/** Most characters of a business key: it is an indexed column. */
export const KEY_LENGTH = 190;

/** A business key from what the caller or the definition gives: text or number, NFC, no control characters. */
export function businessKey(given: Json): Result<string | null, StartRefusal> {
  if (given === null) return ok(null);
  if (typeof given !== 'string' && typeof given !== 'number')
    return refuse('a text or a number', `it is ${JSON.stringify(given)?.slice(0, 60)}`);
  const key = String(given).normalize('NFC');
  if (key === '') return refuse('at least one character', 'it is empty');
  if (key.length > KEY_LENGTH) return refuse(`at most ${KEY_LENGTH} characters`, `it has ${key.length}`);
  // Signs that turn the direction of what follows would show people another key than it is.
  if (/[\p{Cc}\p{Cs}\u202a-\u202e\u2066-\u2069]/u.test(key)) return refuse('free of control characters', 'it has some');
  return ok(key);
}

const refuse = (expected: string, but: string): Result<never, StartRefusal> =>
  err({ code: 'INVALID_KEY', message: `Expected the business key to be ${expected}, but ${but}.` });
