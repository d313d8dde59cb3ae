import type { Json, JsonObject } from '../../../core/json.js';
import type { Clock } from '../../ports/clock.js';
import { PermanentError, poll, type TaskHandler } from '../../ports/handlers.js';

/**
 * Handlers out of a JSON object: by task name what it answers. An answer is an output, or one of
 * `{"$error": "CODE", "permanent": true}`, `{"$poll": 1000}`, `{"$after": 5000, "$answer": …}`, and
 * `{"$attempts": [first, second, …]}`, whose last one repeats.
 */
export function mockHandlers(mocks: JsonObject, clock: Clock): ReadonlyMap<string, TaskHandler> {
  return new Map(Object.entries(mocks).map(([name, answer]) => [name, mockHandler(answer, clock)]));
}

/** One such handler. */
export function mockHandler(answer: Json, clock: Clock): TaskHandler {
  const calls = new Map<string, number>();
  return (_input, { idempotencyKey }) => {
    const call = calls.get(idempotencyKey) ?? 0;
    calls.set(idempotencyKey, call + 1);
    return given(answer, call, clock);
  };
}

function given(answer: Json, call: number, clock: Clock): unknown {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return answer;
  const { $error, $poll, $attempts, $after, $answer = null, permanent } = answer as JsonObject;
  if (Array.isArray($attempts) && $attempts.length > 0) {
    return given(($attempts as readonly Json[])[Math.min(call, $attempts.length - 1)] ?? null, call, clock);
  }
  if (typeof $after === 'number') {
    return new Promise((wake) => clock.schedule($after, () => wake(null))).then(() => given($answer, call, clock));
  }
  if (typeof $poll === 'number') return poll($poll);
  if (typeof $error !== 'string') return answer;
  if (permanent === true) throw new PermanentError($error, `mocked: ${$error}`);
  throw Object.assign(new Error(`mocked: ${$error}`), { code: $error });
}
