import type { FlowEvent } from '../../core/flow/event.js';
import { isActive, type NodeInstance } from '../../core/flow/instance.js';
import { groupOf, LEASED } from '../../core/routing/lane.js';
import type { DispatchMessage } from '../ports/broker.js';

/** What to do with a delivery, seen beside its row. */
export type Verdict = 'due' | 'early' | 'stale';

/** A delivery this much too early counts as due: less than the shortest rung of the delay ladder. */
const EARLY_MS = 200;

const isDue = ({ wakeAt }: Pick<DispatchMessage, 'wakeAt'>, now: number): boolean => wakeAt - EARLY_MS <= now;

/**
 * Whether it is due and may run before its row is read. What lay in the lane of a group of engines may have been given to another
 * group while this one was gone; not before it is twice as old, so that clocks may differ.
 */
export const isFresh = (
  message: Pick<DispatchMessage, 'wakeAt' | 'lane'>,
  now: number,
  groups: { readonly oldMs: number } | null | undefined,
): boolean =>
  isDue(message, now) && (!groups || now - message.wakeAt < groups.oldMs / 2 || groupOf(message.lane) === null);

/** Whether a row still waits for this very dispatch. */
export const isCurrent = (message: DispatchMessage, row: NodeInstance): boolean =>
  isActive(row.status) &&
  row.status !== 'incident' &&
  row.queue !== null &&
  row.queue !== LEASED &&
  row.attempt === message.attempt &&
  row.dispatch === message.dispatch;

/** The row decides, not the message: touching a row in hand only ever moves it to the present. */
export function verdict(message: DispatchMessage, row: NodeInstance, now: number): Verdict {
  if (!isCurrent(message, row)) return 'stale';
  return isDue(message, now) ? 'due' : 'early';
}

/** What a message says that was sent to wait: its time has come. */
export const timerEvent = ({ node, visit, attempt }: DispatchMessage): FlowEvent => ({
  type: 'timer.fired',
  at: 0,
  node,
  visit,
  attempt,
});
