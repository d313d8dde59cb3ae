import type { AttemptOutcome } from '../../engine/ports/handlers.js';
import { UnusableResult } from './plain-json.js';
import { redactText } from './redact.js';

export type Failed = Extract<AttemptOutcome, { type: 'failed' }>;

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
const MAX_MESSAGE_BYTES = 4 * 1024;

export const failed = (code: string, message: string, permanent: boolean): Failed => ({
  type: 'failed',
  code,
  message: shorten(message),
  permanent,
});

/** Makes whatever was thrown a failure with a code and a short message without secrets. Never throws. */
export function failureOf(thrown: unknown): Failed {
  try {
    return describe(thrown);
  } catch {
    // A getter of the thrown object threw in turn.
    return failed('HANDLER_ERROR', 'The handler threw an object that cannot be read.', false);
  }
}

function describe(thrown: unknown): Failed {
  if (thrown instanceof UnusableResult) return failed(thrown.code, thrown.message, true);
  if (!(thrown instanceof Error) && !isErrorLike(thrown)) {
    return failed('HANDLER_ERROR', `The handler threw ${say(thrown)}, which is no Error.`, false);
  }
  const { code } = thrown as { code?: unknown };
  const message = String(thrown.message || thrown.name);
  // By name as well: an application may hold a second copy of this package, with a class of its own.
  if (thrown.name === 'PermanentError') {
    if (typeof code === 'string' && CODE.test(code)) return failed(code, message, true);
    return failed('PERMANENT_ERROR', `${message} (its code ${say(code)} is not of the form ACCOUNT_CLOSED)`, true);
  }
  return failed(typeof code === 'string' && CODE.test(code) ? code : 'HANDLER_ERROR', message, false);
}

/** Errors of another realm (a vm, a worker) are no instances of ours. */
function isErrorLike(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown && 'name' in thrown;
}

function say(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_MESSAGE_BYTES));
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}

/** Secrets hidden, at most 4 KiB in UTF-8. */
function shorten(message: string): string {
  // Cut first, generously: what is thrown away anyway need not be searched for secrets.
  const bytes = Buffer.from(redactText(message.slice(0, 4 * MAX_MESSAGE_BYTES)), 'utf8');
  if (bytes.length <= MAX_MESSAGE_BYTES) return bytes.toString('utf8');
  const mark = ' … (cut)';
  let end = MAX_MESSAGE_BYTES - Buffer.byteLength(mark);
  // Back to the first byte of a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return bytes.toString('utf8', 0, end) + mark;
}
