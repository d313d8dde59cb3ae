import type { Definition, Edge, FlowNode } from './definition.js';

/** The edges of a definition by node, as the graph walks need them. */
export interface Adjacency {
  readonly incoming: ReadonlyMap<string, readonly Edge[]>;
  readonly leaving: ReadonlyMap<string, readonly Edge[]>;
}

/** Joins that make one visit of several arrivals. */
export const synchronises = (node: FlowNode): boolean => node.join !== null && node.join.type !== 'each';

/**
 * The nodes that can be visited more than once in an instance. The others are surely visited once at most, so their
 * visits need not be counted, and a step through them does not write the instance row.
 *
 * A node repeats when it is in a cycle; when it makes a visit of every arrival and two branches of a fork can both
 * arrive, with no join between that would make them one; and when it comes after a node that repeats.
 */
export function repeatableNodes(definition: Definition, graph: Adjacency): ReadonlySet<string> {
  const seeds = new Set<string>();
  for (const id of definition.nodes.keys()) {
    if (reachable(graph, successors(graph, id)).has(id)) seeds.add(id);
  }
  const joins = [...definition.nodes.values()].filter(synchronises).map((node) => node.id);
  for (const targets of forks(definition)) {
    for (const id of mergesOf(definition, graph, targets, joins)) seeds.add(id);
  }
  return reachable(graph, seeds);
}

/** Every set of targets that is entered at the same time. */
function* forks(definition: Definition): Generator<readonly string[]> {
  for (const line of definition.lines) if (line.to.length > 1) yield line.to;
  for (const node of definition.nodes.values()) {
    if (node.kind !== 'gateway' || node.mode === 'exclusive') continue;
    const targets = definition.lines.filter((line) => line.from === node.id).flatMap((line) => line.to);
    if (targets.length > 1) yield targets;
  }
}

function mergesOf(
  definition: Definition,
  graph: Adjacency,
  targets: readonly string[],
  joins: readonly string[],
): string[] {
  const branches = targets.map((target) => reachable(graph, [target]));
  const merges = [...definition.nodes.values()].filter(
    (node) =>
      !synchronises(node) &&
      (graph.incoming.get(node.id)?.length ?? 0) > 1 &&
      branches.filter((branch) => branch.has(node.id)).length > 1,
  );
  if (merges.length === 0) return [];
  const between = joins.filter((join) => branches.some((branch) => branch.has(join)));
  const pastJoins = between.map((join) => reachable(graph, targets, join));
  return merges.map((node) => node.id).filter((id) => pastJoins.every((without) => without.has(id)));
}

const successors = (graph: Adjacency, id: string): string[] => (graph.leaving.get(id) ?? []).map((edge) => edge.to);

/** The given nodes and all that come after them; `except` is treated as if it were not there. */
function reachable(graph: Adjacency, from: Iterable<string>, except?: string): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [...from];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === except || seen.has(id)) continue;
    seen.add(id);
    open.push(...successors(graph, id));
  }
  return seen;
}
