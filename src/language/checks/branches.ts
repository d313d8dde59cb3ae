import { goesBeside } from '../../core/definition/control/border.js';
import type { JoinRule } from '../../core/definition/control/control.js';
import { isChoice } from '../../core/definition/definition.js';
import type { Arc, Graph } from './graph.js';

/**
 * What becomes of the paths that part at one place. Each branch has a number; where branches are joined, a new number
 * stands for what goes on from there. Two numbers can be active at the same time unless one contains the other.
 */
export interface Branches {
  /** The node at which they part. */
  readonly at: number;
  /** Each branch has a condition of its own, so some may not be taken. */
  readonly isOptional: boolean;
  /** How many there are. After a join its branches are one of the number of that node, counted from here. */
  readonly count: number;
  /** Nodes that make one of several branches. */
  readonly merging: ReadonlySet<number>;
  /** Numbers that can come along an arc. */
  readonly onArc: readonly (ReadonlySet<number> | undefined)[];
  /** Numbers that can enter a node. */
  readonly inNode: ReadonlyMap<number, ReadonlySet<number>>;
  /** The arcs on which a number begins. */
  readonly begins: ReadonlyMap<number, readonly Arc[]>;
  /** Both can be active at a time. A `taken` join has waited for all that could come to it. */
  together(a: number, b: number): boolean;
  /** Both can come to one node: round a `taken` join, which has gone on without the other. */
  canMeet(a: number, b: number): boolean;
}

/** Edges that are taken together, all or (`isOptional`) some of them. */
export interface Parting {
  readonly at: number;
  readonly arcs: readonly Arc[];
  readonly isOptional: boolean;
}

const MAX_ROUNDS = 8;
/** Joins that may go on with some of the branches alone. */
const PARTIAL: readonly JoinRule['type'][] = ['taken', 'arrivals'];

/** Every place where paths part, followed to where they meet. */
export function allBranches(graph: Graph): Branches[] {
  const joins = graph.ids.flatMap((_, index) => (isJoin(graph, index) ? [index] : []));
  return [...partings(graph)].map((parting) => follow(graph, parting, joins));
}

/** Arcs that are taken together: the fan of a line, the lines of a parallel gateway, those of an inclusive one, a line beside any other. */
export function* partings(graph: Graph): Generator<Parting> {
  for (const [at] of graph.ids.entries()) {
    const node = graph.node(at);
    const arcs = graph.out(at);
    const isOpen = node?.kind === 'gateway' && !isChoice(node);
    const shared = isOpen ? arcs.filter(({ line }) => line.when?.type !== 'else') : [];
    if (shared.length > 1) yield { at, arcs: shared, isOptional: shared.some(({ line }) => line.when?.type === 'if') };
    const lines = new Set(arcs.filter((arc) => !shared.includes(arc)).map(({ line }) => line));
    for (const line of lines) {
      if (line.to.length > 1) yield { at, arcs: arcs.filter((arc) => arc.line === line), isOptional: false };
      if (!goesBeside(line.when)) continue;
      for (const other of lines) {
        if (other !== line)
          yield { at, arcs: arcs.filter((arc) => arc.line === line || arc.line === other), isOptional: true };
      }
    }
  }
}

/**
 * Which nodes make one of several branches depends on which branches get that far, and the other way round: repeated
 * until it settles, which it does from the parting outwards.
 */
function follow(graph: Graph, parting: Parting, joins: Iterable<number>): Branches {
  let merging: Set<number> = new Set(joins);
  let branches = spread(graph, parting, merging);
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const found = mergingNodes(graph, branches);
    const reached = [...merging].filter((index) => branches.inNode.has(index));
    if (found.size === reached.length && reached.every((index) => found.has(index))) break;
    merging = found;
    branches = spread(graph, parting, merging);
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
  return somePair(branches.onArc[first.index], branches.onArc[second.index], branches.canMeet);
}

/** Whether two nodes can be active at the same time. A join is what its branches have become, and beside none of them. */
export function runInParallel(branches: Branches, first: number, second: number): boolean {
  const { inNode, merging, count, together } = branches;
  const numbersOf = (index: number): Numbers | undefined =>
    merging.has(index) && inNode.has(index) ? new Set([count + index]) : inNode.get(index);
  return somePair(numbersOf(first), numbersOf(second), together);
}

type Numbers = ReadonlySet<number>;

function somePair(
  some: Numbers | undefined,
  others: Numbers | undefined,
  holds: (a: number, b: number) => boolean,
): boolean {
  for (const a of some ?? []) for (const b of others ?? []) if (holds(a, b)) return true;
  return false;
}

function areApart(some: Numbers, others: Numbers): boolean {
  for (const part of some) if (others.has(part)) return false;
  return true;
}

function spread(graph: Graph, { at, arcs, isOptional }: Parting, merging: ReadonlySet<number>): Branches {
  const onArc: (Set<number> | undefined)[] = [];
  const inNode = new Map<number, Set<number>>();
  const begins = new Map<number, readonly Arc[]>(arcs.map((arc, number) => [number, [arc]]));
  const waiting: [number, Arc][] = arcs.map((arc, number) => [number, arc]);
  const held = new Set<number>();
  const isLast = (join: number): boolean => {
    const all = contentsOf(graph, inNode, arcs.length, merging, PARTIAL)(arcs.length + join);
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
  const whole = contentsOf(graph, inNode, arcs.length, merging, []);
  const partial = contentsOf(graph, inNode, arcs.length, merging, PARTIAL);
  const together = (a: number, b: number): boolean => a !== b && areApart(whole(a), whole(b));
  const canMeet = (a: number, b: number): boolean => a !== b && areApart(partial(a), partial(b));
  return { at, isOptional, count: arcs.length, merging, onArc, inNode, begins, together, canMeet };
}

/** The branches that a number stands for. After a count join that lets some go on alone, it stands for none of them. */
function contentsOf(
  graph: Graph,
  inNode: ReadonlyMap<number, ReadonlySet<number>>,
  branchCount: number,
  merging: ReadonlySet<number>,
  partial: readonly JoinRule['type'][],
): (number: number) => ReadonlySet<number> {
  const partsOf = (number: number): Iterable<number> => {
    const join = number - branchCount;
    if (join < 0 || !merging.has(join)) return [];
    const rule = graph.node(join)?.join;
    const isPartial =
      rule?.type === 'count'
        ? rule.count < graph.in(join).length && rule.rest !== 'cancel'
        : rule && partial.includes(rule.type);
    return isPartial ? [] : (inNode.get(join) ?? []);
  };
  const known = new Map<number, ReadonlySet<number>>();
  // Each number is looked into once, however many ways lead to it: in nested loops they double with every level.
  return (number) => {
    const before = known.get(number);
    if (before) return before;
    const all = new Set<number>();
    const waiting = [number];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (all.has(next)) continue;
      all.add(next);
      waiting.push(...partsOf(next));
    }
    known.set(number, all);
    return all;
  };
}
