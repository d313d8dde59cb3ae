import { goesBeside } from './control/border.js';
import { type Definition, type Edge, type FlowNode, isChoice } from './definition.js';

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
export function repeatableNodes(definition: Definition, { incoming, leaving }: Adjacency): ReadonlySet<string> {
  const nodes = [...definition.nodes.values()];
  const place = new Map(nodes.map((node, i) => [node.id, i]));
  const placesOf = (ids: readonly string[]): number[] => ids.flatMap((id) => place.get(id) ?? []);
  const next = nodes.map((node) => placesOf((leaving.get(node.id) ?? []).map((edge) => edge.to)));

  const seeds = nodes.flatMap((_, i) => (reachable(next, next[i] ?? [])[i] ? [i] : []));
  const joins = nodes.flatMap((node, i) => (synchronises(node) ? [i] : []));
  const merges = nodes.flatMap((node, i) =>
    !synchronises(node) && (incoming.get(node.id)?.length ?? 0) > 1 ? [i] : [],
  );
  for (const { times = 1, to } of definition.lines) if (times > 1) seeds.push(...placesOf(to));
  // A message can come beside a node again and again.
  for (const { when, to } of definition.lines)
    if (when.type === 'message' && goesBeside(when)) seeds.push(...placesOf(to));
  for (const targets of forks(definition)) seeds.push(...doubled(next, placesOf(targets), merges, joins));

  const repeats = reachable(next, seeds);
  const repeated = new Set(nodes.filter((_, i) => repeats[i]).map((node) => node.id));
  for (const node of nodes) {
    if (node.kind !== 'guard') continue;
    if (repeated.has(node.host) || (node.on.type === 'message' && !node.on.interrupts)) repeated.add(node.id);
  }
  return repeated;
}

/** Every set of targets that is entered at the same time. */
function* forks(definition: Definition): Generator<readonly string[]> {
  for (const line of definition.lines) {
    if (line.to.length > 1) yield line.to;
    if (!goesBeside(line.when)) continue;
    for (const other of definition.lines)
      if (other.from === line.from && other !== line) yield [...line.to, ...other.to];
  }
  for (const node of definition.nodes.values()) {
    if (node.kind !== 'gateway' || isChoice(node)) continue;
    const targets = definition.lines.filter((line) => line.from === node.id).flatMap((line) => line.to);
    if (targets.length > 1) yield targets;
  }
}

/** The merges at which two branches of one fork can arrive without having met at a join before. */
function doubled(
  next: readonly (readonly number[])[],
  targets: readonly number[],
  merges: readonly number[],
  joins: readonly number[],
): number[] {
  const branches = targets.map((target) => reachable(next, [target]));
  let candidates = merges.filter((merge) => branches.filter((branch) => branch[merge]).length > 1);
  for (const join of joins) {
    if (candidates.length === 0) return [];
    if (!branches.some((branch) => branch[join])) continue;
    const without = reachable(next, targets, join);
    candidates = candidates.filter((merge) => without[merge]);
  }
  return candidates;
}

/** Marks the given nodes and all that come after them with 1; `except` is treated as if it were not there. */
function reachable(next: readonly (readonly number[])[], from: readonly number[], except = -1): Uint8Array {
  const seen = new Uint8Array(next.length);
  const open = [...from];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node === except || seen[node]) continue;
    seen[node] = 1;
    open.push(...(next[node] ?? []));
  }
  return seen;
}
