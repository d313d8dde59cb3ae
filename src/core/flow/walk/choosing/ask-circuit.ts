import type { TaskNode } from '../../../definition/definition.js';
import type { CircuitRule } from '../../../definition/work/bound.js';
import type { Expression, Scope } from '../../../expression.js';
import { type Asked, asking } from '../../../routing/receipt.js';
import { keptBack } from '../../../routing/route.js';
import { type Dimension, partnerOf, subjectOf } from '../../../routing/subject.js';
import { type NodeInstance, nodeInstanceId } from '../../instance.js';
import type { Draft } from '../draft.js';
import type { Carried } from '../facts.js';

/** What an expression reads as `circuit`. */
export interface CircuitRead {
  readonly open: boolean;
}

/** Whether an expression asks of a circuit. A node of that name is what it was before circuits could be asked of. */
export const asksCircuit = ({ definition, circuits }: Draft, { reads }: Expression): boolean =>
  circuits !== null && reads.some(([root]) => root === 'circuit') && !definition.nodes.has('circuit');

/**
 * Whether what went to one of these nodes now would be kept back by a circuit, by the same figures that the router goes by
 * in this transition. What was found is noted, so that it can be told what was decided by.
 */
export function circuitOf(draft: Draft, to: readonly string[], carried: Carried | null): CircuitRead {
  const found = to.flatMap((id) => {
    const node = draft.node(id);
    return node.kind === 'task' ? [askOf(draft, node, carried)] : [];
  });
  draft.circuits?.asked.push(...found);
  return { open: found.some(({ open }) => open) };
}

function askOf(draft: Draft, task: TaskNode, carried: Carried | null): Asked {
  const { id: node, handler, tags, circuit, each } = task;
  const { flow } = draft.definition;
  const dimension = circuit && !each ? dimensionOf(draft, circuit, carried) : null;
  const subject = subjectOf(partnerOf(handler, { flow, node }), dimension);
  const id = nodeInstanceId(draft.instanceId, node, visitAhead(draft, node));
  const first = { kind: 'task', cause: 'entered', attempt: 1, polls: 0, delayMs: 0 } as const;
  const snapshot = draft.circuits?.snapshot;
  const by = snapshot && keptBack({ ...first, flow, node, handler, tags, id, subject }, snapshot, draft.at);
  return { node, subject, open: by != null, said: by?.said ?? null };
}

/** The number that the next visit to a node would have. */
const visitAhead = ({ graph, visits }: Draft, node: string): number =>
  graph.repeatable.has(node) ? (visits[node] ?? 0) + 1 : 1;

export const withCircuit = (scope: Scope, circuit: CircuitRead): Scope =>
  Object.assign(Object.create(null), scope, { circuit });

/** The row with what was asked of circuits on its behalf; the same row when nothing was. */
export function noted(draft: Draft, row: NodeInstance): NodeInstance {
  const { asked = [] } = draft.circuits ?? {};
  if (asked.length === 0) return row;
  return { ...row, receipt: asking(row.receipt ?? null, [...(row.receipt?.asked ?? []), ...asked.splice(0)]) };
}

/** Which partner this is about. What cannot be told is no reason to stop: the handler alone is watched then. */
export function dimensionOf(draft: Draft, { name, by }: CircuitRule, carried: Carried | null): Dimension | null {
  const value = draft.evaluate(carried, (scope) => by.value(scope));
  if (typeof value === 'string' && value !== '') return { name, value };
  return typeof value === 'number' || typeof value === 'boolean' ? { name, value: String(value) } : null;
}
