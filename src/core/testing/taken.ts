import type { Definition } from '../definition/definition.js';
import { graphOf, outgoingOf } from '../definition/graph.js';
import { ITEMS_FROM } from '../definition/work/each.js';
import { type DrawnInstance, takenEdges } from '../diagram/mermaid.js';

/**
 * The edges that an instance has taken, each once. An arrival that a join absorbs leaves no trace at the join; where
 * it came from can have gone only one way, that way was taken.
 */
export function takenIn(definition: Definition, drawn: Pick<DrawnInstance, 'instance' | 'nodes'>): readonly number[] {
  const taken = new Set(takenEdges(drawn));
  const graph = graphOf(definition);
  for (const { node: id, visit, status, error } of drawn.nodes) {
    const node = definition.nodes.get(id);
    if (!node || status !== 'done' || error || visit >= ITEMS_FROM) continue;
    const { ordinary } = outgoingOf(graph, id);
    const takesAll = node.kind === 'gateway' && node.mode === 'parallel';
    if (!takesAll && ordinary.length > 1) continue;
    for (const { edges } of ordinary) for (const { index } of edges) taken.add(index);
  }
  return [...taken].sort((a, b) => a - b);
}
