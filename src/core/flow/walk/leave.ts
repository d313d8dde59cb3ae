import { type FlowNode, type Line, takesTime } from '../../definition/definition.js';
import { isRace } from '../../definition/graph.js';
import { isUndo, itemOf, visitOf } from '../../definition/work/each.js';
import type { Failure, NodeInstance } from '../instance.js';
import { noted } from './choosing/ask-circuit.js';
import { choose } from './choosing/choose.js';
import { type Draft } from './draft.js';
import type { Carried } from './facts.js';
import { arrive } from './join.js';
import { cancelScopes } from './kinds/cancel.js';
import { isProblem, type Problem } from './problem.js';
import { finish } from './race.js';

/**
 * A node has done its work: the next lines are chosen and taken. `before` writes what must be there when they are
 * chosen (variables, facts); when no line can be chosen it is taken back, and the node becomes an incident.
 */
export function leave(
  draft: Draft,
  entered: NodeInstance,
  node: FlowNode,
  carried: Carried | null,
  before: () => Problem | undefined = () => undefined,
): void {
  const lines = draft.wholly(() => before() ?? choose(draft, node, carried));
  const row = noted(draft, entered);
  if (isProblem(lines)) {
    stop(draft, row, node, lines, carried);
    return;
  }
  finish(draft, row, null);
  take(draft, row, lines, carried);
}

/** Follows lines from a node instance that is over. */
export function take(
  draft: Draft,
  { node, visit }: NodeInstance,
  lines: readonly Line[],
  carried: Carried | null,
): void {
  const cause = { node, visit };
  const race = isRace(draft.node(node)) ? cause : undefined;
  if (draft.graph.cancelling.size > 0) cancelScopes(draft, lines);
  for (const { edges, times = 1 } of lines)
    for (let n = 0; n < times; n++) for (const edge of edges) arrive(draft, edge, cause, carried, race);
}

/**
 * The node instance becomes an incident. What happens inline has then not happened (attempt 0), and keeps what
 * `result` stood for, so that a retry can enter it again.
 */
function stop(draft: Draft, row: NodeInstance, node: FlowNode, problem: Problem, carried: Carried | null): void {
  const inline = !takesTime(node.kind);
  raise(draft, inline ? { ...row, attempt: 0 } : row, problem, null);
  if (inline) keepCarried(draft, row, carried);
}

/** Makes an incident of a node instance. `failure` is the handler's own error, if it was one. */
export function raise(draft: Draft, row: NodeInstance, { code, message }: Problem, failure: Failure | null): void {
  draft.close(row, 'incident', failure ?? { code, message, permanent: true });
  draft.effects.push({ type: 'incident.raised', node: row.node, visit: row.visit, code, message });
}

/** Only what expressions read of the result is kept. */
export function keepCarried(draft: Draft, row: NodeInstance, carried: Carried | null): void {
  const { reads } = draft.graph;
  if (!carried || (!reads.has('result') && !reads.has('_result'))) return;
  const kept = { result: draft.pickRead('result', carried.result), flag: carried.flag };
  draft.keep(row, { ...draft.kept(row), ...kept });
}

/** What {@link keepCarried} kept. */
export function keptCarried(draft: Draft, row: NodeInstance): Carried | null {
  const { result, flag } = draft.kept(row);
  return result === undefined ? null : { result, flag: flag === true };
}

/** How a node instance is named in messages. */
export function named({ node, visit: number }: Pick<NodeInstance, 'node' | 'visit'>): string {
  const [visit, item] = [visitOf(number), itemOf(number)];
  const parts = [
    ...(isUndo(number) ? ['undoing'] : []),
    ...(visit > 1 ? [`visit ${visit}`] : []),
    ...(item === null ? [] : [`item ${item}`]),
  ];
  return parts.length > 0 ? `'${node}' (${parts.join(', ')})` : `'${node}'`;
}
