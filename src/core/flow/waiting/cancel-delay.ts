import type { FlowEvent } from '../event.js';
import type { NodeInstance } from '../instance.js';
import type { Draft } from '../walk/draft.js';
import { named, raise } from '../walk/leave.js';

/** What a person has stopped, a retry of everything does not set going again. */
export const isCancelledDelay = ({ status, error }: NodeInstance): boolean =>
  status === 'incident' && error?.code === 'DELAY_CANCELLED';

/**
 * What waits for its time is not to go then. Nothing of the flow is dropped for that: the node instance becomes an
 * incident, and a person says how to go on. The message that waits is stale when it comes.
 */
export function cancelDelay(
  draft: Draft,
  row: NodeInstance,
  { by, reason }: Extract<FlowEvent, { type: 'delay.cancelled' }>,
): void {
  const dueAt = row.wakeAt ?? draft.at;
  const time = new Date(dueAt).toISOString();
  const message = `Expected ${named(row)} to go at ${time}, but ${by} has cancelled that: ${reason}. Retry it by name to go on after all, or cancel the instance.`;
  raise(draft, row, { code: 'DELAY_CANCELLED', message }, null);
  if (draft.node(row.node).kind === 'timer') draft.keep(row, { ...draft.kept(row), dueAt });
}

/** A timer that was cancelled waits for the rest of its time after all; what has passed meanwhile is due now. */
export function waitOn(draft: Draft, row: NodeInstance): void {
  const { dueAt, ...kept } = draft.kept(row);
  const attempt = row.attempt + 1;
  draft.drop(row);
  draft.put({ ...row, status: 'waiting', attempt, error: null });
  if (Object.keys(kept).length > 0) draft.keep(row, kept);
  const delayMs = Math.max(0, Number(dueAt ?? draft.at) - draft.at);
  const { node, visit } = row;
  draft.effects.push({
    type: 'dispatch',
    node,
    visit,
    kind: 'timer',
    handler: null,
    attempt,
    cause: 'timer',
    delayMs,
  });
}
