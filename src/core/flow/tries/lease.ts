import type { TaskNode } from '../../definition/definition.js';
import { LEASED } from '../../routing/lane.js';
import { dispatchOnce } from '../attempt.js';
import type { FlowEvent } from '../event.js';
import type { NodeInstance } from '../instance.js';
import type { Draft } from '../walk/draft.js';
import { named, raise } from '../walk/leave.js';
import { CLAIM_LIMIT } from './claim.js';

/** The words of a lease. */
export type LeaseEvent = Extract<FlowEvent, { type: `lease.${string}` }>;

export const isLeaseEvent = (event: FlowEvent): event is LeaseEvent => event.type.startsWith('lease.');

/** Why the word of a lease does not apply to a row of the same attempt that is ready; `null` when it does. */
export function refusalOf(row: NodeInstance, event: LeaseEvent): string | null {
  if (event.dispatch !== row.dispatch)
    return `Expected word of dispatch ${row.dispatch} of ${named(row)}, but it is of ${event.dispatch}.`;
  const leased = row.queue === LEASED;
  if (event.type === 'lease.taken')
    return leased || row.queue === null ? `Expected ${named(row)} to wait for its message, but it does not.` : null;
  if (!leased) return `Expected ${named(row)} to be leased, but it is not.`;
  if (event.type === 'lease.expired' && (row.wakeAt ?? 0) > event.at)
    return `Expected the lease of ${named(row)} to have ended, but it has been renewed.`;
  return null;
}

/** Carries out the word of a lease that the guard has let through. */
export function lease(draft: Draft, row: NodeInstance, task: TaskNode, event: LeaseEvent): void {
  switch (event.type) {
    case 'lease.taken':
      draft.put({ ...row, queue: LEASED, wakeAt: event.at + event.forMs, dispatch: row.dispatch + 1 });
      return;
    case 'lease.renewed':
      draft.put({ ...row, wakeAt: event.at + event.forMs });
      return;
    case 'lease.returned':
      draft.put(row);
      dispatchOnce(draft, row, task, row.attempt);
      return;
    case 'lease.expired':
      expire(draft, row, task);
  }
}

/**
 * Nobody has heard of the attempt since. It is begun anew under the next number, so that a late word of the old one is
 * told apart, and its policy of retries is not charged: the handler has not failed. A handler that ends its process
 * would end one engine after the other, so it is held for a person after some of them.
 */
function expire(draft: Draft, row: NodeInstance, task: TaskNode): void {
  const { node, visit, attempt } = row;
  const kept = draft.kept(row);
  const claims = Number(kept['claims'] ?? 0) + 1;
  const held = claims > CLAIM_LIMIT;
  const message = `Expected whoever ran attempt ${attempt} of ${named(row)} to renew its lease, but the lease ended.`;
  const error = { code: held ? 'CRASH_LOOP' : 'LEASE_EXPIRED', message, permanent: held };
  const decision = held ? 'became the incident CRASH_LOOP' : 'began anew';
  draft.effects.push({ type: 'attempt.ended', node, visit, attempt, how: 'failed', error, decision });
  if (held) {
    const told = `${message} It was the ${claims}th in a row. Look for why the processes ended, then retry.`;
    raise(draft, row, { code: 'CRASH_LOOP', message: told }, null);
    return;
  }
  draft.keep(row, { ...kept, claims, spent: Number(kept['spent'] ?? 0) + 1 });
  draft.put({ ...row, attempt: attempt + 1, error });
  dispatchOnce(draft, row, task, attempt + 1);
}
