import { safeMessage } from '../../core/safe/safe-message.js';
import type { AttemptOutcome } from '../../engine/ports/handlers.js';
import { UnusableResult } from './plain-json.js';

export type Failed = Extract<AttemptOutcome, { type: 'failed' }>;

const CODE = /^[A-Z][A-Z0-9_]{0,63}$/;
/** Longest thrown text that is quoted. */
const MAX_QUOTED = 4 * 1024;

export const failed = (code: string, message: string, permanent: boolean): Failed => ({
  type: 'failed',
  code,
  message: safeMessage(message),
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
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_QUOTED));
  if (typeof value === 'object' && value !== null) return 'an object';
  return typeof value === 'function' ? 'a function' : String(value);
}
