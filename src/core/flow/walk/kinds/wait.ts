import { outgoingOf } from '../../../definition/graph.js';
import type { ManualNode, WaitNode } from '../../../definition/nodes/waiting-nodes.js';
import type { Json } from '../../../json.js';
import { type NodeInstance, resultFlag } from '../../instance.js';
import type { OpenedWait } from '../../transition.js';
import type { Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { keepCarried, leave, named, raise, take } from '../leave.js';
import { isProblem, Problem } from '../problem.js';
import { finish } from '../race.js';
import { assign } from './assign.js';

/** The node instance waits from now on: for the message, and for its time to run out if it has one. */
export function beginWait(draft: Draft, row: NodeInstance, wait: WaitNode, carried: Carried | null): void {
  const match = matchOf(draft, wait, carried);
  if (isProblem(match)) {
    raise(draft, { ...row, attempt: 0 }, match, null);
    keepCarried(draft, row, carried);
    return;
  }
  const { node, visit, attempt } = row;
  const { message: name, keepMs, timeoutMs } = wait;
  draft.put({ ...row, status: 'waiting' });
  // It may have to wait once more, and what stands in its match must be the same then.
  if (readsResult(wait)) keepCarried(draft, row, carried);
  draft.effects.push({ type: 'wait.opened', node, visit, name, match, keepMs });
  if (timeoutMs !== null) boundTime(draft, { node, visit, attempt }, timeoutMs);
}

/** The time runs from now on. */
export function boundTime(draft: Draft, ref: Pick<NodeInstance, 'node' | 'visit' | 'attempt'>, delayMs: number): void {
  draft.effects.push({ type: 'dispatch', ...ref, kind: 'timer', handler: null, cause: 'timer', delayMs });
}

/**
 * The message has come. It is used up, and stored as the output even if no line can then be chosen, for people to look
 * at; but not when the instance has no room for it.
 */
export function receive(draft: Draft, row: NodeInstance, wait: WaitNode, message: string, payload: Json): void {
  const { node, visit } = row;
  const tooLarge = draft.measure(node, payload);
  if (tooLarge) {
    raise(draft, row, tooLarge, null);
    return;
  }
  draft.effects.push({ type: 'message.taken', message });
  draft.outputs.push({ node, visit, output: payload });
  goOnWith(draft, row, wait, { result: payload, flag: resultFlag(payload) });
}

/** Leaves with what came, as often as it takes: after a message, or a person's word, whose lines could not be decided, by a retry. */
export function goOnWith(draft: Draft, row: NodeInstance, wait: WaitNode | ManualNode, carried: Carried): void {
  leave(draft, row, wait, carried, () => {
    draft.learn(row.node, carried.result);
    return wait.out ? assign(draft, wait.out, carried) : undefined;
  });
  if (draft.row(row)?.status === 'incident') draft.keep(row, { ...draft.kept(row), received: { ...carried } });
}

/** Nothing came in time. */
export function runOut(draft: Draft, row: NodeInstance, { kind, timeoutMs }: WaitNode | ManualNode): void {
  const line = outgoingOf(draft.graph, row.node).boundary.find(({ when }) => when.type === 'timeout');
  const message =
    kind === 'wait'
      ? `Expected a message for ${named(row)} within ${timeoutMs} ms, but none came.`
      : `Expected somebody to complete ${named(row)} within ${timeoutMs} ms, but nobody did.`;
  if (!line) {
    raise(draft, row, { code: 'TIMEOUT', message: `${message} Retry to wait once more.` }, null);
    return;
  }
  draft.learn(row.node, null);
  finish(draft, row, { code: 'TIMEOUT', message, permanent: true });
  take(draft, row, [line], { result: null, flag: false });
}

/** What a wait, or a manual node, that is an incident had received, if it had. */
export function receivedBy(draft: Draft, row: NodeInstance): Carried | null {
  const { received } = draft.kept(row) as { received?: { result: Json; flag: boolean } };
  return received ?? null;
}

/** Whether it is to be compared with what led to it. */
export const readsResult = ({ match }: Pick<WaitNode, 'match'>): boolean =>
  [...match.values()].some(({ reads }) => reads.some(([root]) => root === 'result' || root === '_result'));

/** What must be equal in the message; a problem when no message could be found by it. */
export function matchOf(
  draft: Draft,
  { id, match }: Pick<WaitNode, 'id' | 'match'>,
  carried: Carried | null,
): OpenedWait['match'] | Problem {
  const values: Record<string, string | number | boolean> = {};
  for (const [member, expression] of match) {
    const value = draft.evaluate(carried, (scope) => expression.value(scope));
    if (isProblem(value)) return value;
    if (value === null || typeof value === 'object') {
      const what = value === null ? 'nothing' : Array.isArray(value) ? 'a list' : 'an object';
      const message = `Expected '${expression.text}' in the match of '${id}' to give a text, a number, true or false, but it gave ${what}. No message could be found by it.`;
      return new Problem('BAD_MATCH', message);
    }
    values[member] = value;
  }
  return values;
}
