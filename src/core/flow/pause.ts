import type { FlowNode } from '../definition/definition.js';
import { handlerAt } from '../definition/handlers.js';
import { LEASED } from '../routing/lane.js';
import type { NodeInstance } from './instance.js';
import type { Dispatch } from './transition.js';
import type { Draft } from './walk/draft.js';

/**
 * New work is held from now on: what lies in a lane finds itself unwatched, and what comes into being is born held. What
 * runs goes on, and its answer counts.
 */
export function pause(draft: Draft): void {
  draft.status = 'paused';
  for (const row of draft.activeRows())
    if (row.queue !== null && !isHanded(draft, row)) draft.put({ ...row, queue: null });
}

/** What was held is dispatched anew, when it is due; what fell due in the meantime is due now. */
export function resume(draft: Draft): void {
  draft.status = 'running';
  for (const row of draft.activeRows()) {
    const { status, wakeAt } = row;
    if ((status !== 'ready' && status !== 'waiting') || wakeAt === null || isHanded(draft, row)) continue;
    draft.put(row);
    draft.effects.push(dispatchOf(row, draft.node(row.node), Math.max(0, wakeAt - draft.at)));
  }
}

/** A worker outside, or a lease, has it: that is work which runs, and its time runs with it. */
const isHanded = (draft: Draft, { node, status, queue }: NodeInstance): boolean =>
  queue === LEASED || (status === 'waiting' && draft.node(node).kind === 'task');

function dispatchOf({ node, visit, attempt }: NodeInstance, of: FlowNode, delayMs: number): Dispatch {
  const { kind } = of;
  const handler = handlerAt(of, visit);
  const what =
    kind === 'task' || kind === 'call'
      ? ({ kind: 'task', cause: 'operator' } as const)
      : ({ kind: 'timer', cause: 'timer' } as const);
  return { type: 'dispatch', node, visit, handler, attempt, delayMs, ...what };
}
