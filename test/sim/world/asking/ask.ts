import type { JsonObject } from '../../../../src/core/json.js';
import {
  type AttemptOutcome,
  PermanentError,
  poll,
  type TaskContext,
  type TaskHandler,
} from '../../../../src/engine/ports/handlers.js';
import type { Call, Calls } from '../calls.js';

/** Who answers what a handler is asked. */
export type Answering = (input: JsonObject, context: TaskContext) => AttemptOutcome;

/** A handler whose every call is held until a step lets it happen, or until it is told to stop. */
export const asking =
  (calls: Calls, answering: Answering): TaskHandler =>
  (input, context) =>
    held(calls, context.signal, () => answering(input, context)).then(returned);

/** What it comes to when a step lets it happen; thrown when it is aborted before. */
export function held<T>(calls: Calls, signal: AbortSignal, answer: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      calls.running = calls.running.filter((other) => other !== call);
      reject(new Error('The handler was told to stop.'));
    };
    const call: Call = {
      name: 'run',
      fates: { slow: 'slow' },
      meet: async () => {
        const value = answer();
        signal.removeEventListener('abort', abort);
        return () => resolve(value);
      },
    };
    calls.running.push(call);
    signal.addEventListener('abort', abort, { once: true });
  });
}

/** As a batch handler says it: a failure is an Error among the answers. */
export function said(outcome: AttemptOutcome): unknown {
  try {
    return returned(outcome);
  } catch (fault) {
    return fault;
  }
}

/** As a handler says it: what it returns, or throws. */
export function returned(outcome: AttemptOutcome): unknown {
  if (outcome.type === 'completed') return outcome.output;
  if (outcome.type === 'polled') return poll(outcome.delayMs);
  const { code, message, permanent } = outcome;
  throw permanent ? new PermanentError(code, message) : Object.assign(new Error(message), { code });
}
