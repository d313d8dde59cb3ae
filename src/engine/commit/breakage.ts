import type { Pending } from './pending.js';

/** Characters of a fault's text that are kept: enough to find it in the log, never a whole context. */
const MOST = 500;

/**
 * The incident in place of an event that could not be stored: a permanent failure of the same attempt. `null` when the
 * event was itself such a failure, or is about no task.
 */
export function breakageOf(pending: Pending, fault: unknown): Pending | null {
  const { event } = pending;
  if (event.type !== 'task.completed' && event.type !== 'task.failed') return null;
  if (event.type === 'task.failed' && event.error.code === 'NOT_STORABLE') return null;
  const text = (fault instanceof Error ? fault.message : String(fault)).slice(0, MOST);
  return {
    ...pending,
    event: {
      type: 'task.failed',
      at: event.at,
      node: event.node,
      visit: event.visit,
      attempt: event.attempt,
      error: {
        code: 'NOT_STORABLE',
        message: `Expected the result of '${event.node}' to be storable, but it was not: ${text}`,
        permanent: true,
      },
    },
  };
}
