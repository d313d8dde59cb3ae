import type { Edge, FlowNode } from '../../definition/definition.js';
import { incomingOf } from '../../definition/graph.js';
import { synchronises } from '../../definition/repeatable.js';
import type { NodeRef } from '../event.js';
import type { Draft } from './draft.js';
import type { Carried } from './facts.js';

/** Something has come along an edge: its target is entered, or the arrival waits at a join. */
export function arrive(draft: Draft, edge: Edge, cause: NodeRef, carried: Carried | null): void {
  const node = draft.node(edge.to);
  if (!synchronises(node)) {
    draft.entries.push({ node: node.id, via: [edge.index], cause, carried });
    return;
  }
  count(draft, edge.index, 1);
  if (node.join?.type === 'all') fireAll(draft, node, cause);
  if (node.join?.type === 'count') fireCount(draft, node, node.join.count, cause);
}

/** Consumes one arrival of every incoming edge, if there is one on each. */
function fireAll(draft: Draft, node: FlowNode, cause: NodeRef): void {
  const edges = incomingOf(draft.graph, node.id);
  if (edges.some((edge) => !draft.arrivals[edge.index])) return;
  enterBy(draft, node, consume(draft, edges), cause);
}

/**
 * Fires on so many distinct edges, then absorbs one arrival on each of the others; only then does the next round
 * begin, with what has come in the meantime.
 */
function fireCount(draft: Draft, node: FlowNode, wanted: number, cause: NodeRef): void {
  const edges = incomingOf(draft.graph, node.id);
  for (;;) {
    const seen = draft.absorbing[node.id];
    const fresh = pendingAt(draft, node.id).filter((edge) => !seen?.includes(edge.index));
    if (!seen && fresh.length < Math.min(wanted, edges.length)) return;
    if (seen && fresh.length === 0) return;
    const used = consume(draft, fresh);
    if (!seen) enterBy(draft, node, used, cause);
    absorb(draft, node.id, [...(seen ?? []), ...used], edges.length);
  }
}

function absorb(draft: Draft, node: string, seen: readonly number[], edges: number): void {
  const { [node]: _, ...others } = draft.absorbing;
  draft.absorbing = seen.length < edges ? { ...others, [node]: seen } : others;
}

/** Lets one `taken` join go on whose last possible arrival is in. True if there was one. */
export function releaseTaken(draft: Draft): boolean {
  if (draft.graph.awaited.size === 0) return false;
  const waiting = waitingJoins(draft);
  if (waiting.length === 0) return false;
  const busy = [...draft.activeRows().map((row) => row.node), ...waiting];
  for (const [join, awaited] of draft.graph.awaited) {
    if (!waiting.includes(join) || busy.some((node) => awaited.has(node))) continue;
    enterBy(draft, draft.node(join), consumeEverything(draft, join), draft.lastCause);
    return true;
  }
  return false;
}

/** The joins at which something waits, in the order of their first edge. */
export function waitingJoins(draft: Draft): string[] {
  const edges = Object.keys(draft.arrivals).map((index) => draft.definition.edges[Number(index)]);
  return [...new Set(edges.flatMap((edge) => (edge ? [edge.to] : [])))];
}

export const pendingAt = (draft: Draft, join: string): readonly Edge[] =>
  incomingOf(draft.graph, join).filter((edge) => draft.arrivals[edge.index]);

/** Takes one arrival from each edge. */
export function consume(draft: Draft, edges: readonly Edge[]): readonly number[] {
  for (const edge of edges) count(draft, edge.index, -1);
  return edges.map((edge) => edge.index);
}

function consumeEverything(draft: Draft, join: string): readonly number[] {
  const edges = pendingAt(draft, join);
  for (const edge of edges) count(draft, edge.index, -(draft.arrivals[edge.index] ?? 0));
  return edges.map((edge) => edge.index);
}

function enterBy(draft: Draft, node: FlowNode, via: readonly number[], cause: NodeRef | null): void {
  draft.entries.push({ node: node.id, via, cause, carried: null });
}

function count(draft: Draft, edge: number, by: number): void {
  const { [edge]: now = 0, ...others } = draft.arrivals;
  draft.arrivals = now + by > 0 ? { ...others, [edge]: now + by } : others;
}
