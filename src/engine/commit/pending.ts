import { isUndo, undoneVisit } from '../../core/definition/work/each.js';
import type { FlowEvent, NodeRef, Rejection } from '../../core/flow/event.js';

/** An event that waits for its transaction. `at` in the event is set to the database time when it is decided. */
export interface Pending {
  readonly instance: string;
  /** Hint from where the event came; the locked row decides. */
  readonly flow: string;
  readonly version: number;
  readonly event: FlowEvent;
  /** Called once: after the commit and, when applied, after what it dispatched was handed to the broker. */
  readonly settle: (outcome: Outcome) => void;
}

export type Outcome =
  | { readonly type: 'applied' }
  /** `doubtful`: an earlier try may have committed without anybody knowing, and then nothing was published. */
  | { readonly type: 'rejected'; readonly rejection: Rejection; readonly doubtful: boolean }
  /** There is no such instance. */
  | { readonly type: 'unknown' };

/** The node rows that an event needs to see; of undoing, also what is undone. */
export const nodesOf = (event: FlowEvent): readonly NodeRef[] =>
  'node' in event
    ? isUndo(event.visit)
      ? [event, { node: event.node, visit: undoneVisit(event.visit) }]
      : [{ node: event.node, visit: event.visit }]
    : event.type === 'incident.retried' && event.only
      ? [event.only]
      : [];

/** Whether an event concerns every active node of its instance. */
export const concernsAll = (event: FlowEvent): boolean =>
  event.type === 'instance.cancelled' ||
  event.type === 'instance.audited' ||
  event.type === 'instance.paused' ||
  event.type === 'instance.resumed' ||
  (event.type === 'incident.retried' && event.only === null);
