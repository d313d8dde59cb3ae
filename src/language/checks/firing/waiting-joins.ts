import type { Graph } from '../graph.js';

/**
 * Of `taken` joins that may wait for each other, directly or round others, whom each may wait for.
 *
 * When nothing is active any more, a join at which something waits is held up by another one only if that can bring
 * something to an edge without an arrival, and to none that has one. So it can be held up by those alone from which some of
 * its edges can be reached, not through itself, but not all of them. Where that leads in no circle, one of those that wait is not
 * held up, and goes on: in a row of joins within a loop, the first can be reached again from the second by all of its edges.
 */
export function joinsThatWait(graph: Graph): ReadonlyMap<number, readonly number[]> {
  const joins = graph.ids.flatMap((_, index) => (graph.node(index)?.join?.type === 'taken' ? [index] : []));
  let waits = new Map(joins.map((join) => [join, holdersOf(graph, join, joins)]));
  // Who is held up by nobody goes on, and so do those that are held up by him alone.
  for (;;) {
    const left = [...waits].filter(([, holders]) => holders.length > 0);
    if (left.length === waits.size) return waits;
    const still = new Set(left.map(([join]) => join));
    waits = new Map(left.map(([join, holders]) => [join, holders.filter((holder) => still.has(holder))]));
  }
}

function holdersOf(graph: Graph, join: number, joins: readonly number[]): readonly number[] {
  const edges = graph.in(join).map(({ from }) => sourcesOf(graph, from, join));
  return joins.filter((other) => {
    const reached = edges.filter((sources) => sources[other] === 1).length;
    return other !== join && reached > 0 && reached < edges.length;
  });
}

/** A node and all from which it can be reached, not through the join. */
function sourcesOf(graph: Graph, node: number, join: number): Uint8Array {
  const seen = new Uint8Array(graph.ids.length);
  const open = node === join ? [] : [node];
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    if (seen[at] === 1) continue;
    seen[at] = 1;
    for (const { from } of graph.in(at)) if (from !== join) open.push(from);
  }
  return seen;
}
