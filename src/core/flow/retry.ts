import { incomingOf } from '../definition/graph.js';
import { taskAt } from '../definition/handlers.js';
import { dispatchAgain } from './attempt.js';
import type { FlowEvent, Rejection } from './event.js';
import type { NodeInstance } from './instance.js';
import { reopenTcc } from './tries/tcc/phases.js';
import { isWholeTcc } from './tries/tcc/progress.js';
import { isCancelledDelay, waitOn } from './waiting/cancel-delay.js';
import type { Draft } from './walk/draft.js';
import { begin } from './walk/enter.js';
import { closeRound, pendingAt } from './walk/join.js';
import { beginCall } from './walk/kinds/call.js';
import { isEach, isItem, reopenEach } from './walk/kinds/each/each.js';
import { beginManual } from './walk/kinds/manual.js';
import { beginWait, goOnWith, receivedBy } from './walk/kinds/wait.js';
import { keptCarried, leave } from './walk/leave.js';

type Retried = Extract<FlowEvent, { type: 'incident.retried' }>;

/** Gives one incident, or all, another chance. `null` when it did; else why nothing is to be retried. */
export function retry(draft: Draft, { only, by }: Retried): Rejection | null {
  const rows = only
    ? [draft.row(only)]
    : draft.activeRows().filter((row) => row.status === 'incident' && !isForOne(draft, row));
  if (rows.length === 0) {
    const message =
      'Expected an incident that can be retried with others, but only what is stuck, or was stopped by a person, is left. Retry that by name.';
    return { reason: 'nothing-to-retry', message };
  }
  for (const row of rows) {
    if (!row) continue;
    draft.effects.push({ type: 'incident.resolved', node: row.node, visit: row.visit, by });
    goOn(draft, row);
  }
  return null;
}

/**
 * Attempt 0 means that entering failed, so the node is entered again. A task is dispatched again, with a new round of
 * attempts. A timer that has fired leaves again, and so does a wait whose message has come; one that ran out waits anew,
 * and a timer that was cancelled waits on.
 */
function goOn(draft: Draft, row: NodeInstance): void {
  const node = draft.node(row.node);
  if (row.attempt === 0 && row.error?.code === 'STUCK_JOIN') {
    letGo(draft, row);
    return;
  }
  if (row.attempt === 0) {
    begin(draft, row, node, keptCarried(draft, row));
    return;
  }
  if ('each' in node && isEach(node) && !isItem(row)) {
    reopenEach(draft, row, node);
    return;
  }
  if (isCancelledDelay(row) && node.kind === 'timer') {
    waitOn(draft, row);
    return;
  }
  if (isWholeTcc(node, row)) {
    reopenTcc(draft, row, node);
    return;
  }
  if (node.kind === 'task') {
    dispatchAgain(draft, row, taskAt(node, row.visit));
    return;
  }
  if (node.kind === 'call') {
    beginCall(draft, { ...row, attempt: row.attempt + 1, error: null });
    return;
  }
  if (node.kind !== 'wait' && node.kind !== 'manual') {
    leave(draft, row, node, null);
    return;
  }
  const received = receivedBy(draft, row);
  if (received) {
    goOnWith(draft, row, node, received);
    return;
  }
  const again = { ...row, attempt: row.attempt + 1, error: null };
  if (node.kind === 'manual') beginManual(draft, again, node, keptCarried(draft, row));
  else beginWait(draft, again, node, keptCarried(draft, row));
}

/**
 * Whether a join is to go on with less than it waits for, a node to be entered once more for want of anything else, and
 * what a person has stopped to go after all, is for a person to say, one by one.
 */
const isForOne = (draft: Draft, row: NodeInstance): boolean =>
  isCancelledDelay(row) ||
  (row.attempt === 0 &&
    (row.error?.code === 'STUCK' || (row.error?.code === 'STUCK_JOIN' && isShort(draft, row.node))));

const isShort = (draft: Draft, join: string): boolean =>
  draft.node(join).join?.type === 'arrivals' || pendingAt(draft, join).length < incomingOf(draft.graph, join).length;

function letGo(draft: Draft, row: NodeInstance): void {
  draft.drop(row);
  begin(draft, { ...row, via: closeRound(draft, row.node) }, draft.node(row.node), null);
}
