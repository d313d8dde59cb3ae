import { hasOutput } from '../../../core/definition/definition.js';
import type { Graph } from '../graph.js';

/**
 * Whether `result` means something on the edges that leave a node: a task, a wait and a split have one; gateways and `set` pass on what
 * comes to them; a start, a join and a timer have none.
 */
export function carriesResult(graph: Graph, index: number, seen: ReadonlySet<number> = new Set()): boolean {
  const node = graph.node(index);
  if (!node || hasOutput(node.kind) || (node.kind === 'gateway' && node.split)) return true;
  return (node.kind === 'gateway' || node.kind === 'set') && resultComesTo(graph, index, seen);
}

/** Whether a `result` can come along some edge into the node. What is joined has none: there would be several. */
export function resultComesTo(graph: Graph, index: number, seen: ReadonlySet<number> = new Set()): boolean {
  const join = graph.node(index)?.join;
  if (seen.has(index) || (join && join.type !== 'each')) return false;
  const before = new Set([...seen, index]);
  return graph.in(index).some(({ from }) => carriesResult(graph, from, before));
}
