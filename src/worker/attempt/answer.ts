import { type AttemptOutcome, Completed, Poll } from '../../engine/ports/handlers.js';
import { failed, failureOf } from './failure.js';
import { plainJson } from './plain-json.js';

/** 365 days. */
const MAX_POLL_MS = 31_536_000_000;

/** What a handler's return value means. Never throws. */
export function answerOf(returned: unknown): AttemptOutcome {
  try {
    if (isPoll(returned)) return polled(returned.delayMs);
    const { json, written } = plainJson(returned);
    return new Completed(json, written);
  } catch (error) {
    const failure = failureOf(error);
    // A getter or a toJSON that throws is a result that cannot be written down either.
    if (failure.code.startsWith('RESULT_')) return failure;
    return failed(
      'RESULT_NOT_SERIALISABLE',
      `Expected plain JSON, but reading the result failed: ${failure.message}`,
      true,
    );
  }
}

function polled(delayMs: number): AttemptOutcome {
  const ms = Math.ceil(delayMs);
  if (ms >= 1 && ms <= MAX_POLL_MS) return { type: 'polled', delayMs: ms };
  return failed(
    'POLL_OUT_OF_BOUNDS',
    `Expected poll(delay) between 1 ms and 365 days, but the delay is ${delayMs}. Give it in milliseconds.`,
    true,
  );
}

/** By shape as well: an application may hold a second copy of this package, with a class of its own. */
function isPoll(value: unknown): value is Poll {
  if (value instanceof Poll) return true;
  if (typeof value !== 'object' || value === null) return false;
  return value.constructor?.name === 'Poll' && typeof (value as Partial<Poll>).delayMs === 'number';
}
