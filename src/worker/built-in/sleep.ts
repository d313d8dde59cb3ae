import type { Clock } from '../../engine/ports/clock.js';
import { PermanentError, type TaskHandler } from '../../engine/ports/handlers.js';

/**
 * `sleep`: holds a slot for `ms` milliseconds (from the input, else from `with`) and answers `{ ms }`. For trying out
 * slow handlers; a flow that has to wait uses a timer, which holds nothing. The task's timeout bounds it.
 */
export function sleepOn(clock: Clock): TaskHandler {
  return (input, { with: literals, signal }) => {
    const ms = input['ms'] ?? literals['ms'];
    if (typeof ms !== 'number' || !(ms >= 0)) {
      throw new PermanentError(
        'BAD_INPUT',
        `Expected "ms" to be a number of milliseconds, 0 or more, but it is ${JSON.stringify(ms ?? null)}. Give it in "in" or "with".`,
      );
    }
    return new Promise((resolve, reject) => {
      const wake = clock.schedule(ms, () => {
        signal.removeEventListener('abort', onAbort);
        resolve({ ms });
      });
      const onAbort = (): void => {
        wake();
        reject(signal.reason);
      };
      if (signal.aborted) onAbort();
      else signal.addEventListener('abort', onAbort, { once: true });
    });
  };
}
