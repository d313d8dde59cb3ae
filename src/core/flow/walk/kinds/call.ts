import type { CallNode } from '../../../definition/definition.js';
import { outgoingOf } from '../../../definition/graph.js';
import { callAt } from '../../../definition/handlers.js';
import { isUndo } from '../../../definition/work/each.js';
import type { FlowEvent } from '../../event.js';
import { type NodeInstance, resultFlag } from '../../instance.js';
import { matches } from '../../tries/recover.js';
import type { Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { leave, named, raise, take } from '../leave.js';
import { finish } from '../race.js';
import { assign } from './assign.js';
import { remember, undone } from './compensate.js';
import { endItem, failItem, isEach, isItem } from './each/each.js';

type Word<T extends FlowEvent['type']> = Extract<FlowEvent, { type: T }>;

/** A message is sent, and whoever gets it starts the called instance: a call is a step, like a task. */
export function beginCall(draft: Draft, row: NodeInstance): void {
  const { node, visit, attempt } = row;
  draft.put({ ...row, status: 'ready' });
  const cause = attempt > 1 ? 'operator' : 'entered';
  draft.effects.push({ type: 'dispatch', node, visit, kind: 'task', handler: null, attempt, cause, delayMs: 0 });
}

/** The called instance is stored. It is waited for, unless it is on its own. */
export function called(draft: Draft, row: NodeInstance, call: CallNode, { instance }: Word<'call.started'>): void {
  if (call.detach) {
    arrived(draft, row, call, { result: { instance }, flag: true });
    return;
  }
  draft.put({ ...row, status: 'waiting', queue: null, wakeAt: null });
}

/** The called instance is over. Its failure goes by a line for failures; there are no attempts to use up. */
export function returned(draft: Draft, row: NodeInstance, node: CallNode, { result, error }: Word<'call.ended'>): void {
  const call = callAt(node, row.visit);
  if (error === null) {
    if (isUndo(row.visit)) undone(draft, row, result);
    else arrived(draft, row, call, { result, flag: resultFlag(result) });
    return;
  }
  // Undoing has no lines: a failure of it is for a person.
  const boundary = isUndo(row.visit) ? [] : outgoingOf(draft.graph, row.node).boundary;
  const line = boundary.find(({ when }) => when.type === 'error' && matches(when.pattern, error.code));
  if (isEach(call) && isItem(row) && failItem(draft, row, call, line ?? null, error)) return;
  if (!line) {
    const message = `Expected the flow '${call.flow}' that ${named(row)} calls to complete, but it did not: ${error.code}: ${error.message}`;
    raise(draft, row, { code: 'PERMANENT_FAILURE', message }, error);
    return;
  }
  draft.learn(row.node, null);
  finish(draft, row, error);
  take(draft, row, [line], { result: null, flag: false });
}

function arrived(draft: Draft, row: NodeInstance, call: CallNode, carried: Carried): void {
  if (isEach(call) && isItem(row)) {
    endItem(draft, row, call, carried, null);
    return;
  }
  const { node, visit } = row;
  const tooLarge = draft.measure(node, carried.result);
  if (tooLarge) {
    raise(draft, row, tooLarge, null);
    return;
  }
  draft.outputs.push({ node, visit, output: carried.result });
  leave(draft, row, call, carried, () => {
    draft.learn(node, carried.result);
    return call.out ? assign(draft, call.out, carried) : undefined;
  });
  if (draft.row(row)?.status === 'done') remember(draft, row, call);
}
