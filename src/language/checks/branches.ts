import type { Arc, Graph } from './graph.js';

/**
 * What becomes of the paths that part at one place. Each branch has a number; where branches are joined, a new number
 * stands for what goes on from there. Two numbers can be active at the same time unless one contains the other.
 */
export interface Branches {
  /** The node at which they part. */
  readonly at: number;
  /** Numbers that can come along an arc. */
  readonly onArc: readonly (ReadonlySet<number> | undefined)[];
  /** Numbers that can enter a node. */
  readonly inNode: ReadonlyMap<number, ReadonlySet<number>>;
  /** The arcs on which a number begins. */
  readonly begins: ReadonlyMap<number, readonly Arc[]>;
  together(a: number, b: number): boolean;
}

const MAX_ROUNDS = 8;

/** Every place where paths part, followed to where they meet. */
export function allBranches(graph: Graph): Branches[] {
  const joins = graph.ids.flatMap((_, index) => (isJoin(graph, index) ? [index] : []));
  return [...partings(graph)].map(({ at, arcs }) => follow(graph, at, arcs, joins));
}

/** Arcs that are taken together: the fan of a line, the lines of a parallel gateway, those of an inclusive one. */
function* partings(graph: Graph): Generator<{ at: number; arcs: readonly Arc[] }> {
  for (const [at] of graph.ids.entries()) {
    const node = graph.node(at);
    const arcs = graph.out(at);
    const isOpen = node?.kind === 'gateway' && node.mode !== 'exclusive';
    const shared = isOpen ? arcs.filter(({ line }) => line.when?.type !== 'else') : [];
    if (shared.length > 1) yield { at, arcs: shared };
    const lines = new Set(arcs.filter((arc) => !shared.includes(arc)).map(({ line }) => line));
    for (const line of lines) {
      if (line.to.length > 1) yield { at, arcs: arcs.filter((arc) => arc.line === line) };
    }
  }
}

/**
 * Which nodes make one of several branches depends on which branches get that far, and the other way round: repeated
 * until it settles, which it does from the parting outwards.
 */
function follow(graph: Graph, at: number, arcs: readonly Arc[], joins: Iterable<number>): Branches {
  let merging: Set<number> = new Set(joins);
  let branches = spread(graph, at, arcs, merging);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = mergingNodes(graph, branches);
    const reached = [...merging].filter((index) => branches.inNode.has(index));
    if (found.size === reached.length && reached.every((index) => found.has(index))) break;
    merging = found;
    branches = spread(graph, at, arcs, merging);
  }
  return branches;
}

/** Says that it makes one of several arrivals. */
function isJoin(graph: Graph, index: number): boolean {
  const join = graph.node(index)?.join;
  return join !== undefined && join !== null && join.type !== 'each' && graph.in(index).length > 1;
}

function mergingNodes(graph: Graph, branches: Branches): Set<number> {
  const found = new Set<number>();
  for (const index of branches.inNode.keys()) {
    const node = graph.node(index);
    if (!node || node.kind === 'end' || node.join?.type === 'each' || graph.in(index).length < 2) continue;
    if (meeting(graph, branches, index)) found.add(index);
  }
  return found;
}

/** Two arcs into a node along which branches can come that are active together. */
export function meeting(graph: Graph, branches: Branches, index: number): readonly [Arc, Arc] | null {
  const arcs = graph.in(index).filter((arc) => branches.onArc[arc.index] !== undefined);
  for (const [place, first] of arcs.entries()) {
    for (const second of arcs.slice(place + 1)) {
      if (canBeTogether(branches, first, second)) return [first, second];
    }
  }
  return null;
}

export function canBeTogether(branches: Branches, first: Arc, second: Arc): boolean {
  return areTogether(branches, branches.onArc[first.index], branches.onArc[second.index]);
}

export function areTogether(
  branches: Branches,
  some: ReadonlySet<number> | undefined,
  others: ReadonlySet<number> | undefined,
): boolean {
  if (!some || !others) return false;
  for (const a of some) for (const b of others) if (branches.together(a, b)) return true;
  return false;
}

function spread(graph: Graph, at: number, arcs: readonly Arc[], merging: ReadonlySet<number>): Branches {
  const onArc: (Set<number> | undefined)[] = [];
  const inNode = new Map<number, Set<number>>();
  const begins = new Map<number, readonly Arc[]>(arcs.map((arc, number) => [number, [arc]]));
  const waiting: [number, Arc][] = arcs.map((arc, number) => [number, arc]);
  const held = new Set<number>();
  const isLast = (join: number): boolean => {
    const all = contentsOf(graph, inNode, arcs.length, merging)(arcs.length + join);
    return arcs.every((_, number) => all.has(number));
  };
  for (let next = waiting.pop(); next; next = waiting.pop() ?? release()) {
    const [number, arc] = next;
    const on = onArc[arc.index];
    if (on?.has(number)) continue;
    if (on) on.add(number);
    else onArc[arc.index] = new Set([number]);
    const inside = inNode.get(arc.to);
    if (inside) inside.add(number);
    else inNode.set(arc.to, new Set([number]));
    // Back at the parting the branches begin anew.
    if (arc.to === at) continue;
    if (merging.has(arc.to)) held.add(arc.to);
    else for (const out of graph.out(arc.to)) waiting.push([number, out]);
  }
  /** What comes out of a join waits until all has gone in: where every branch has, nothing is left to meet it. */
  function release(): [number, Arc] | undefined {
    for (const join of held) {
      const number = arcs.length + join;
      if (begins.has(number) || isLast(join)) continue;
      begins.set(number, graph.out(join));
      for (const out of graph.out(join)) waiting.push([number, out]);
      return waiting.pop() ?? release();
    }
    return undefined;
  }
  const contents = contentsOf(graph, inNode, arcs.length, merging);
  const together = (a: number, b: number): boolean => {
    if (a === b) return false;
    const others = contents(b);
    for (const part of contents(a)) if (others.has(part)) return false;
    return true;
  };
  return { at, onArc, inNode, begins, together };
}

/** The branches that a number stands for. After a count join that lets some go on alone, it stands for none of them. */
function contentsOf(
  graph: Graph,
  inNode: ReadonlyMap<number, ReadonlySet<number>>,
  branchCount: number,
  merging: ReadonlySet<number>,
): (number: number) => ReadonlySet<number> {
  const known = new Map<number, ReadonlySet<number>>();
  const contents = (number: number, seen: ReadonlySet<number>): ReadonlySet<number> => {
    if (number < branchCount) return new Set([number]);
    const found = known.get(number);
    if (found) return found;
    const join = number - branchCount;
    const all = new Set([number]);
    if (seen.has(number) || !merging.has(join)) return all;
    const rule = graph.node(join)?.join;
    if (rule?.type !== 'count' || rule.count >= graph.in(join).length) {
      for (const part of inNode.get(join) ?? []) {
        for (const inner of contents(part, new Set([...seen, number]))) all.add(inner);
      }
    }
    if (seen.size === 0) known.set(number, all);
    return all;
  };
  return (number) => contents(number, new Set());
}
