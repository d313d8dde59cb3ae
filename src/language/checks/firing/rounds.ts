import { type Parting, partings } from '../branches.js';
import type { Arc, Graph } from '../graph.js';
import { Dominators, ROOT } from './dominators.js';

/** The graph without its loops, and what its loops do. */
export interface Rounds {
  /** What the start leads to: each node after those it is entered from, but for edges that lead back. */
  readonly order: readonly number[];
  isBack(arc: Arc): boolean;
  /**
   * The edge leads back to where a round of a loop began, and all that the round has begun has come together before:
   * nothing of it is left, as if the flow had only now come to the loop.
   */
  isRestart(arc: Arc): boolean;
}

export function findRounds(graph: Graph): Rounds {
  const { order, back } = walk(graph, graph.ofKind('start'));
  const starts = new Set(graph.ofKind('start'));
  const over = new Dominators(order, (node) => (starts.has(node) ? [ROOT] : graph.in(node).map(({ from }) => from)));
  const all = [...partings(graph)];
  let restarts: ReadonlySet<Arc> = new Set();
  // From the inner loops outwards: a loop that only restarts its own round is no way past a join around it.
  for (let isSettled = false; !isSettled; ) {
    const after = exits(graph, order, back, restarts);
    const meets = ({ arcs }: Parting): boolean =>
      after.nearestOfAll(
        arcs.map(({ to }) => to),
        (node) => isMeeting(graph, node),
      ) !== null;
    const found: Found = { all, meet: new Set(all.filter(meets)), back, over };
    const more = new Set([...back].filter((arc) => restarts.has(arc) || isSole(graph, arc, found)));
    isSettled = more.size === restarts.size;
    restarts = more;
  }
  return { order, isBack: (arc) => back.has(arc), isRestart: (arc) => restarts.has(arc) };
}

/** By depth first; an edge leads back if it leads to a node on the way to it. */
function walk(graph: Graph, starts: readonly number[]): { order: number[]; back: Set<Arc> } {
  const back = new Set<Arc>();
  const finished: number[] = [];
  const state = new Map<number, 'open' | 'done'>();
  const open: { node: number; next: number }[] = [];
  const enter = (node: number): void => {
    state.set(node, 'open');
    open.push({ node, next: 0 });
  };
  for (const start of starts) {
    if (!state.has(start)) enter(start);
    for (let top = open.at(-1); top; top = open.at(-1)) {
      const arc = graph.out(top.node)[top.next++];
      if (!arc) {
        state.set(top.node, 'done');
        finished.push(top.node);
        open.pop();
      } else if (state.get(arc.to) === 'open') back.add(arc);
      else if (!state.has(arc.to)) enter(arc.to);
    }
  }
  return { order: finished.reverse(), back };
}

/** What every way on leads through, up to an end or round a loop. An end that stops the instance leaves nothing open. */
function exits(graph: Graph, order: readonly number[], back: ReadonlySet<Arc>, restarts: ReadonlySet<Arc>): Dominators {
  return new Dominators(order.toReversed(), (index) => {
    const node = graph.node(index);
    if (node?.kind === 'end') return node.mode === 'finish' ? [ROOT] : [];
    const out = graph.out(index);
    return out.length === 0
      ? [ROOT]
      : out.flatMap((arc) => (restarts.has(arc) ? [] : back.has(arc) ? [ROOT] : [arc.to]));
  });
}

interface Found {
  readonly all: readonly Parting[];
  /** Those whose every way comes to one join. */
  readonly meet: ReadonlySet<Parting>;
  readonly back: ReadonlySet<Arc>;
  readonly over: Dominators;
}

/** What parts within the round and can come to the edge has met in a join before it, all of it. */
function isSole(graph: Graph, arc: Arc, { all, meet, back, over }: Found): boolean {
  if (!over.has(arc.from, arc.to)) return false;
  const before = new Set([arc.from]);
  for (const node of before) {
    for (const into of graph.in(node)) if (!back.has(into)) before.add(into.from);
  }
  return all.every((parting) => {
    if (!over.has(parting.at, arc.to)) return true;
    const comes = parting.arcs.some((part) => part === arc || (!back.has(part) && before.has(part.to)));
    return !comes || (meet.has(parting) && !parting.arcs.some((part) => back.has(part)));
  });
}

/** Waits for all that can come, or cancels it, and goes on once. */
function isMeeting(graph: Graph, index: number): boolean {
  const join = graph.node(index)?.join;
  const isWhole = join?.type === 'all' || join?.type === 'taken' || (join?.type === 'count' && join.rest === 'cancel');
  return isWhole && graph.in(index).length > 1;
}
