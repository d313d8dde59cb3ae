import type { Edge, FlowNode } from '../../definition/definition.js';
import { incomingOf } from '../../definition/graph.js';
import { synchronises } from '../../definition/repeatable.js';
import type { NodeRef } from '../event.js';
import { isWithdrawn } from '../tries/tcc/withdraw.js';
import type { Draft } from './draft.js';
import type { Carried } from './facts.js';

/** Something has come along an edge: its target is entered, or the arrival waits at a join. */
export function arrive(draft: Draft, edge: Edge, cause: NodeRef, carried: Carried | null, race?: NodeRef): void {
  const node = draft.node(edge.to);
  if (!synchronises(node)) {
    draft.entries.push({ node: node.id, via: [edge.index], cause, carried, ...(race && { race }) });
    return;
  }
  draft.countArrivals(edge.index, 1);
  if (node.join?.type === 'arrivals') merge(draft, node, node.join.count, cause);
  else if (node.join?.type !== 'taken') fire(draft, node, cause);
}

/**
 * Fires on so many distinct edges (`all`: every one), then absorbs one arrival on each of the others; only then does
 * the next round begin, with what has come in the meantime. At a stuck join arrivals gather until it is retried.
 */
function fire(draft: Draft, node: FlowNode, cause: NodeRef): void {
  if (isStuck(draft, node.id)) return;
  const edges = incomingOf(draft.graph, node.id).length;
  const wanted = node.join?.type === 'count' ? Math.min(node.join.count, edges) : edges;
  for (;;) {
    const seen = draft.absorbing[node.id];
    const fresh = pendingAt(draft, node.id).filter((edge) => !seen?.includes(edge.index));
    if (fresh.length < (seen ? 1 : wanted)) return;
    const used = consume(draft, fresh);
    if (!seen) draft.entries.push({ node: node.id, via: used, cause, carried: null });
    absorb(draft, node.id, [...(seen ?? []), ...used], edges);
  }
}

/** Fires for every so many arrivals, whichever edges they came along. */
function merge(draft: Draft, node: FlowNode, count: number, cause: NodeRef): void {
  if (isStuck(draft, node.id)) return;
  const pending = pendingAt(draft, node.id);
  if (pending.reduce((sum, edge) => sum + (draft.arrivals[edge.index] ?? 0), 0) < count) return;
  let left = count;
  for (const { index } of pending) {
    const taken = Math.min(left, draft.arrivals[index] ?? 0);
    draft.countArrivals(index, -taken);
    left -= taken;
  }
  draft.entries.push({ node: node.id, via: pending.map(({ index }) => index), cause, carried: null });
}

function absorb(draft: Draft, node: string, seen: readonly number[], edges: number): void {
  if (seen.length < edges) {
    draft.absorbing = { ...draft.absorbing, [node]: seen };
  } else if (draft.absorbing[node]) {
    const { [node]: _, ...others } = draft.absorbing;
    draft.absorbing = others;
  }
}

/**
 * Closes the round of a stuck join with what has arrived, and gives the edges used. What still comes belongs to that
 * round; but in a loop the next round may have begun, so there it waits.
 */
export function closeRound(draft: Draft, join: string): readonly number[] {
  if (draft.node(join).join?.type === 'arrivals') return consumeEverything(draft, join);
  const used = consume(draft, pendingAt(draft, join));
  const { awaited, repeatable } = draft.graph;
  if (!awaited.has(join) && !repeatable.has(join)) absorb(draft, join, used, incomingOf(draft.graph, join).length);
  return used;
}

/** Marks a join as stuck until {@link Draft.drop} takes the mark away. */
export const markStuck = (draft: Draft, join: NodeRef): void => draft.keep(join, { stuck: true });

const isStuck = (draft: Draft, node: string): boolean =>
  draft.kept({ node, visit: draft.visits[node] ?? 1 })['stuck'] === true;

/** Lets one `taken` join go on whose last possible arrival is in. True if there was one. */
export function releaseTaken(draft: Draft): boolean {
  if (draft.graph.awaited.size === 0) return false;
  const waiting = waitingJoins(draft);
  if (waiting.length === 0) return false;
  const active = draft.activeRows().flatMap((row) => (isWithdrawn(draft, row) ? [] : [row.node]));
  for (const [join, edges] of draft.graph.awaited) {
    if (!waiting.includes(join) || isStuck(draft, join) || heldUp(draft, edges, active, waiting)) continue;
    const via = consumeEverything(draft, join);
    draft.entries.push({ node: join, via, cause: draft.lastCause, carried: null });
    return true;
  }
  return false;
}

/**
 * What is active holds a join up if it can reach it at all. What waits at another join does so only if it can bring
 * something new, to an edge without an arrival but to none with one: in a loop the next round can reach every edge,
 * and the other join may itself be waiting for this one to end the round.
 */
function heldUp(
  draft: Draft,
  edges: ReadonlyMap<number, ReadonlySet<string>>,
  active: readonly string[],
  waiting: readonly string[],
): boolean {
  const reaching = [...edges].map(([edge, from]) => ({ from, empty: !draft.arrivals[edge] }));
  if (active.some((node) => reaching.some(({ from }) => from.has(node)))) return true;
  return waiting.some((other) => {
    const reached = reaching.filter(({ from }) => from.has(other));
    return reached.length > 0 && reached.every(({ empty }) => empty);
  });
}

/** The joins at which something waits, in the order of their first edge. */
export function waitingJoins(draft: Draft): string[] {
  const edges = Object.keys(draft.arrivals).map((index) => draft.definition.edges[Number(index)]);
  return [...new Set(edges.flatMap((edge) => (edge ? [edge.to] : [])))];
}

export const pendingAt = (draft: Draft, join: string): readonly Edge[] =>
  incomingOf(draft.graph, join).filter((edge) => draft.arrivals[edge.index]);

/** Takes one arrival from each edge. */
function consume(draft: Draft, edges: readonly Edge[]): readonly number[] {
  for (const edge of edges) draft.countArrivals(edge.index, -1);
  return edges.map((edge) => edge.index);
}

function consumeEverything(draft: Draft, join: string): readonly number[] {
  const edges = pendingAt(draft, join);
  for (const edge of edges) draft.countArrivals(edge.index, -(draft.arrivals[edge.index] ?? 0));
  return edges.map((edge) => edge.index);
}
