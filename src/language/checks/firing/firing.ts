import { goesBeside } from '../../../core/definition/control/border.js';
import { isChoice } from '../../../core/definition/definition.js';
import type { DraftLine } from '../../structure/draft.js';
import { type Branches, meeting } from '../branches.js';
import type { Arc, Graph } from '../graph.js';
import { Equations } from './equations.js';
import { findRounds, type Rounds } from './rounds.js';
import { ScopesTaken } from './scopes-taken.js';

/**
 * The joins that may get fewer arrivals than they wait for, as far as that can be told without running the flow.
 *
 * Every node and every choice is a number, and equations say which happens exactly when one of others does: a node is
 * entered when one of its edges is taken, and when it is left, one of its lines is. A join gets what it waits for if by
 * these equations its edges are always taken together. Where the equations do not say it, it counts as not so: then
 * the flow is of a kind that cannot be decided here, and the author should know.
 */
export function findStarving(graph: Graph, branches: readonly Branches[]): ReadonlySet<number> {
  const starving = new Set<number>();
  if (graph.ofKind('start').length !== 1 || !graph.ids.some((_, index) => wanted(graph, index) > 1)) return starving;
  const rounds = findRounds(graph);
  const equations = new Equations(graph.ids.length);
  const onArc = lines(graph, rounds, equations);
  const blurred = manyAtATime(graph, branches, rounds);
  for (const index of rounds.order) {
    const arcs = graph.in(index).filter((arc) => !rounds.isRestart(arc));
    const parts = arcs.map((arc) => onArc[arc.index] ?? index);
    const isUnknown = graph.in(index).some((arc) => isThreaded(arc) || (rounds.isBack(arc) && !rounds.isRestart(arc)));
    if (wanted(graph, index) > 1) {
      const isFed =
        arcs.length === graph.in(index).length && !isUnknown && feeds(equations, parts, wanted(graph, index));
      if (!isFed) starving.add(index);
      else if (graph.node(index)?.join?.type === 'all') {
        for (const part of parts) equations.add(index, [part]);
        continue;
      }
    }
    const gathers = blurred.has(index) && (graph.node(index)?.join ?? null) !== null;
    if (parts.length > 0 && !isUnknown && !gathers) equations.add(index, parts);
  }
  return starving;
}

/** Several arrivals come along it at once. */
const isThreaded = ({ line }: Arc): boolean => (line.times ?? 1) > 1;

/** How many edges a join waits for; 1 where one arrival is enough. */
function wanted(graph: Graph, index: number): number {
  const join = graph.node(index)?.join;
  const count = graph.in(index).length;
  if (join?.type === 'all') return count;
  return join?.type === 'count' && join.count <= count ? join.count : 1;
}

/** Whether at least so many of the edges are taken whenever one is: so many groups of which one is always taken. */
function feeds(equations: Equations, parts: readonly number[], count: number): boolean {
  if (count === parts.length) return parts.every((part) => equations.isSame([part], parts.slice(0, 1)));
  const alone = parts.filter((part) => equations.isSame([part], parts));
  let groups = alone.length;
  let group: number[] = [];
  for (const part of parts) {
    if (groups >= count) break;
    if (alone.includes(part)) continue;
    group.push(part);
    if (!equations.isSame(group, parts)) continue;
    groups += 1;
    group = [];
  }
  return groups >= count;
}

/** Behind a place where several rounds of a loop, or several visits, can be under way, a join may take from two. */
function manyAtATime(graph: Graph, branches: readonly Branches[], rounds: Rounds): ReadonlySet<number> {
  const origins = rounds.order.filter((index) => {
    if (graph.in(index).some(isThreaded)) return true;
    if (graph.in(index).some((arc) => rounds.isBack(arc) && !rounds.isRestart(arc))) return true;
    const isEach = graph.node(index)?.join?.type === 'each';
    return isEach && branches.some((parted) => meeting(graph, parted, index) !== null);
  });
  const behind = graph.reachable(origins);
  return new Set([...origins, ...rounds.order.filter((index) => behind[index] === 1)]);
}

/**
 * Gives each edge its number: that of its node if it is always taken, else one for its line. When a node is left by
 * one of its lines, those do not count that only lead back to a new round or to an end that stops the instance.
 */
function lines(graph: Graph, rounds: Rounds, equations: Equations): readonly (number | undefined)[] {
  const onArc: (number | undefined)[] = [];
  const vain = new Set<number>();
  const scopes = new ScopesTaken(graph, (join) => wanted(graph, join) > 1);
  const isVain = (arcs: readonly Arc[]): boolean => arcs.some((arc) => rounds.isRestart(arc) || vain.has(arc.to));
  for (const index of rounds.order.toReversed()) {
    const node = graph.node(index);
    if (node?.kind === 'end' && node.mode !== 'finish') vain.add(index);
    const open = node?.kind === 'gateway' && !isChoice(node) ? node.mode : null;
    const all = [...new Set(graph.out(index).map(({ line }) => line))];
    const alternatives = all.filter(({ when }) => !goesBeside(when));
    const isSure = (line: DraftLine): boolean =>
      (alternatives.length === 1 && alternatives[0] === line) ||
      open === 'parallel' ||
      (open === 'inclusive' && line.when?.type === 'always');
    const gone = alternatives.filter(
      (line) => scopes.take(index, line) || isVain(graph.out(index).filter((arc) => arc.line === line)),
    );
    const numbers = new Map(all.map((line) => [line, isSure(line) ? index : equations.name()]));
    for (const arc of graph.out(index)) onArc[arc.index] = numbers.get(arc.line);
    const choices = alternatives.flatMap((line) =>
      isSure(line) || gone.includes(line) ? [] : [numbers.get(line) ?? index],
    );
    // Beside a line that is always taken, it may be that no other is.
    if (choices.length > 0) equations.add(index, alternatives.some(isSure) ? [...choices, equations.name()] : choices);
    const isGone = gone.some(isSure) || (gone.length > 0 && gone.length === alternatives.length);
    if (isGone && wanted(graph, index) < 2) vain.add(index);
  }
  return onArc;
}
