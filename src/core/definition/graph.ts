import { type GuardNode, isBoundary } from './control/border.js';
import { type Gate, gatesOf } from './control/gates.js';
import { branchesOf, cancelsRest } from './control/losing.js';
import { cancelledBy, scopesOf } from './control/scopes.js';
import type { Definition, Edge, FlowNode, Line } from './definition.js';
import { type Reads, readsOf } from './reads.js';
import { type Adjacency, repeatableNodes } from './repeatable.js';

/** A definition prepared for walking. Computed once per definition. */
export interface Graph {
  /** The id of the start node. */
  readonly start: string;
  readonly incoming: ReadonlyMap<string, readonly Edge[]>;
  readonly outgoing: ReadonlyMap<string, Outgoing>;
  /** Nodes that can be visited more than once: only their visits are counted. */
  readonly repeatable: ReadonlySet<string>;
  /** For every `taken` join and edge into it the nodes from which that edge can be reached, not through the join. */
  readonly awaited: ReadonlyMap<string, ReadonlyMap<number, ReadonlySet<string>>>;
  /** For every join that cancels the rest, the nodes of its branches. */
  readonly losing: ReadonlyMap<string, ReadonlySet<string>>;
  /** The nodes of every scope. */
  readonly scopes: ReadonlyMap<string, ReadonlySet<string>>;
  /** By index of a line, the scopes that it cancels; only lines that do. */
  readonly cancelling: ReadonlyMap<number, readonly string[]>;
  /** Nodes that wait for others before they begin, and for what. */
  readonly gates: ReadonlyMap<string, Gate>;
  /** What expressions read, by the first name of the path; copied into the facts of the instance. */
  readonly reads: ReadonlyMap<string, Reads>;
  /** Who watches at the border of a node, by that node. */
  readonly guards: ReadonlyMap<string, readonly GuardNode[]>;
  /** Node instances can be taken back while they run. */
  readonly withdraws: boolean;
  /** Deciding needs every active node instance, not only the one that the event is about. */
  readonly needsActive: boolean;
  /** Some node is done once for each item of a list. */
  readonly hasEach: boolean;
  /** Some node undoes what others have done. */
  readonly hasCompensate: boolean;
}

export interface Outgoing {
  /** In the order they are tried: as in the file, `else` last. */
  readonly ordinary: readonly Line[];
  /** Those for what happens to the node: `on error`, `on timeout`, `on message`, …, as in the file. */
  readonly boundary: readonly Line[];
}

const NONE: Outgoing = { ordinary: [], boundary: [] };
const graphs = new WeakMap<Definition, Graph>();

/** The graph of a definition; the same object for the same definition. */
export function graphOf(definition: Definition): Graph {
  const known = graphs.get(definition);
  if (known) return known;
  const graph = build(definition);
  graphs.set(definition, graph);
  return graph;
}

/** Of what such a gateway enters, the first that goes on cancels the others. */
export const isRace = (node: FlowNode): boolean => node.kind === 'gateway' && node.mode === 'event';

/** Its items are looked at together. */
const hasItems = (node: FlowNode): boolean =>
  ('each' in node && node.each !== undefined) || (node.kind === 'task' && node.tcc !== undefined);

export const incomingOf = (graph: Graph, node: string): readonly Edge[] => graph.incoming.get(node) ?? [];
export const outgoingOf = (graph: Graph, node: string): Outgoing => graph.outgoing.get(node) ?? NONE;

function build(definition: Definition): Graph {
  const adjacency: Adjacency = {
    incoming: grouped(definition.edges, (edge) => edge.to),
    leaving: grouped(definition.edges, (edge) => edge.from),
  };
  const nodes = [...definition.nodes.values()];
  const start = nodes.find((node) => node.kind === 'start');
  if (!start)
    throw new Error(`Expected flow '${definition.flow}' to have a start node, but it has none. Check it first.`);
  const taken = nodes.filter((node) => node.join?.type === 'taken');
  const losing = new Map(nodes.filter(cancelsRest).map(({ id }) => [id, branchesOf(id, start.id, adjacency)]));
  const scopes = scopesOf(nodes);
  const cancelling = new Map(
    definition.lines
      .map((line) => [line.index, cancelledBy(line, scopes)] as const)
      .filter(([, names]) => names.length > 0),
  );
  const gates = gatesOf(nodes, adjacency.incoming);
  const guards = nodes.filter((node) => node.kind === 'guard');
  return {
    start: start.id,
    incoming: adjacency.incoming,
    outgoing: outgoing(definition.lines),
    repeatable: repeatableNodes(definition, adjacency),
    awaited: new Map(taken.map((node) => [node.id, awaitedBy(node.id, adjacency)])),
    losing,
    scopes,
    cancelling,
    gates,
    reads: readsOf(definition),
    guards: grouped(guards, ({ host }) => host),
    withdraws: losing.size > 0 || cancelling.size > 0 || guards.some(({ on }) => on.interrupts) || nodes.some(hasItems),
    hasEach: nodes.some((node) => 'each' in node && node.each !== undefined),
    hasCompensate: nodes.some(({ kind }) => kind === 'compensate'),
    needsActive:
      taken.length > 0 ||
      guards.length > 0 ||
      losing.size > 0 ||
      cancelling.size > 0 ||
      gates.size > 0 ||
      nodes.some(
        (node) =>
          (node.kind === 'end' && node.mode !== 'finish') ||
          isRace(node) ||
          hasItems(node) ||
          node.kind === 'compensate',
      ),
  };
}

function grouped<T>(items: readonly T[], by: (item: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(by(item));
    if (group) group.push(item);
    else groups.set(by(item), [item]);
  }
  return groups;
}

function outgoing(lines: readonly Line[]): ReadonlyMap<string, Outgoing> {
  const result = new Map<string, Outgoing>();
  for (const [from, all] of grouped(lines, (line) => line.from)) {
    const ordinary = all.filter(({ when }) => !isBoundary(when.type));
    const isElse = (line: Line): boolean => line.when.type === 'else';
    result.set(from, {
      ordinary: [...ordinary.filter((line) => !isElse(line)), ...ordinary.filter(isElse)],
      boundary: all.filter(({ when }) => isBoundary(when.type)),
    });
  }
  return result;
}

function awaitedBy(join: string, { incoming }: Adjacency): ReadonlyMap<number, ReadonlySet<string>> {
  return new Map((incoming.get(join) ?? []).map((edge) => [edge.index, before(edge.from, join, incoming)]));
}

/** A node and all from which it can be reached, never through the join: what lies behind that does not hold it up. */
function before(node: string, join: string, incoming: Adjacency['incoming']): ReadonlySet<string> {
  const seen = new Set<string>();
  const open = [node];
  for (let id = open.pop(); id !== undefined; id = open.pop()) {
    if (id === join || seen.has(id)) continue;
    seen.add(id);
    open.push(...(incoming.get(id) ?? []).map((edge) => edge.from));
  }
  return seen;
}
