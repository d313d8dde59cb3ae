import type { TaskNode } from '../../definition/definition.js';
import { DATABASE_TIMER } from '../../routing/lane.js';
import type { NodeInstance } from '../instance.js';
import type { Draft } from '../walk/draft.js';
import { acquit } from './claim.js';

/** A heartbeat that would move the end of the wait by less than this changes nothing: beating often costs no writes. */
const LEAST_MS = 1_000;

/**
 * A worker has the attempt. No message waits with it: that the answer is late is seen by the database's timer, since
 * most answers are not, and a message for each would be sent to be thrown away.
 */
export function hand(draft: Draft, row: NodeInstance, task: TaskNode): void {
  acquit(draft, row);
  draft.put({ ...row, status: 'waiting', queue: DATABASE_TIMER, wakeAt: draft.at + task.timeoutMs });
}

/** The wait begins anew. If it was just over, the message that says so is stale by its dispatch. */
export function beat(draft: Draft, row: NodeInstance, task: TaskNode): void {
  const wakeAt = draft.at + task.timeoutMs;
  const late = row.queue !== DATABASE_TIMER;
  if (!late && wakeAt - (row.wakeAt ?? 0) < Math.min(LEAST_MS, task.timeoutMs / 4)) return;
  const dispatch = late ? row.dispatch + 1 : row.dispatch;
  draft.put({ ...row, queue: DATABASE_TIMER, wakeAt, dispatch });
}
