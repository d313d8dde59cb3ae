import type { JoinRule } from '../../core/definition/control/control.js';
import type { Report } from '../report/report.js';
import type { DraftNode } from '../structure/draft.js';
import { type Branches, canBeTogether, meeting } from './branches.js';
import { findStarving } from './firing/firing.js';
import { joinsThatWait } from './firing/waiting-joins.js';
import type { Arc, Graph } from './graph.js';

/** Paths that part must meet in a way that neither waits for ever nor runs twice. */
export function checkJoins(graph: Graph, branches: readonly Branches[], report: Report): void {
  const starving = graph.isComplete ? findStarving(graph, branches) : new Set<number>();
  checkTaken(graph, report);
  graph.ids.forEach((_, index) => {
    const drafted = graph.drafted(index);
    if (!drafted) return;
    if (drafted.node.join === null) {
      if (drafted.node.kind !== 'end') checkUnsaid(graph, branches, index, drafted, report);
      return;
    }
    checkRule(graph, index, drafted, drafted.node.join, report);
    if (!graph.isComplete) return;
    if (checkAlternatives(graph, branches, index, drafted, drafted.node.join, report) || !starving.has(index)) return;
    const [message, hint] =
      wayOut(graph, branches, index, drafted.node.join) ?? wayPast(graph, branches, index) ?? unequal(graph, index);
    report.add('MAY_WAIT_FOREVER', drafted.joinAt ?? drafted.at, message, hint);
  });
}

function checkUnsaid(
  graph: Graph,
  branches: readonly Branches[],
  index: number,
  { at, node }: DraftNode,
  report: Report,
): void {
  if (graph.in(index).length < 2) return;
  for (const parted of branches) {
    const met = parted.inNode.has(index) ? meeting(graph, parted, index) : null;
    if (!met) continue;
    const [first, second] = met.map((arc) => `\`${graph.id(arc.from)}\``);
    const who = first === second ? `the edges from ${first}` : `the edges from ${first} and ${second}`;
    const message = `Expected \`join\` on \`${node.id}\`, but it has none, and ${who} can both be active since \`${graph.id(parted.at)}\`.`;
    report.add(
      'UNSOUND_JOIN',
      at,
      message,
      'Write `join: all` to wait for both, or `join: each` for a visit per arrival.',
    );
    return;
  }
}

function checkRule(graph: Graph, index: number, { at, joinAt, node }: DraftNode, join: JoinRule, report: Report): void {
  const place = joinAt ?? at;
  const count = graph.in(index).length;
  if (count === 1 && graph.isComplete && join.type !== 'arrivals') {
    const message = `Expected several edges into the join \`${node.id}\`, but there is one.`;
    report.add('JOIN_OF_ONE', place, message, 'Draw the other edges, or do without the join.');
  }
  if (join.type === 'count' && join.count > count && graph.isComplete && count > 0) {
    const message = `Expected at most ${count}, the number of edges into \`${node.id}\`, but \`join\` waits for ${join.count}.`;
    report.add('JOIN_COUNT_TOO_LARGE', place, message);
  }
  if (join.type === 'count' && !join.rest && graph.reaches(index, index)) {
    const message = `Expected no loop through the join \`${node.id}\`, but there is one, and it counts arrivals.`;
    report.add(
      'COUNT_JOIN_IN_LOOP',
      place,
      message,
      'An arrival of one round would be counted in the next. Say what becomes of it: `rest: cancel` or `rest: hold`.',
    );
  }
}

/** Where the joins of such a circle all have something, none of them would go on. */
function checkTaken(graph: Graph, report: Report): void {
  for (const [index, holders] of joinsThatWait(graph)) {
    const drafted = graph.drafted(index);
    const other = holders.find((holder) => holder < index);
    if (!drafted || other === undefined) continue;
    const message = `Expected joins that do not wait for each other, but \`${graph.id(other)}\` and \`${drafted.node.id}\` do.`;
    const hint = 'Each is `taken`, and some of its edges come from the other. Make one `all`.';
    report.add('TAKEN_JOINS_WAIT', drafted.joinAt ?? drafted.at, message, hint);
  }
}

/** Edges of which only one is ever taken cannot all bring an arrival. True if that was the fault. */
function checkAlternatives(
  graph: Graph,
  branches: readonly Branches[],
  index: number,
  { at, joinAt, node }: DraftNode,
  join: JoinRule,
  report: Report,
): boolean {
  const arcs = graph.in(index);
  const needed = join.type === 'all' ? arcs.length : join.type === 'count' ? join.count : 1;
  if (needed < 2 || needed > arcs.length) return false;
  const alone: [Arc, Arc][] = [];
  let hasPair = false;
  for (const [place, first] of arcs.entries()) {
    for (const second of arcs.slice(place + 1)) {
      if (branches.some((parted) => canBeTogether(parted, first, second))) hasPair = true;
      else alone.push([first, second]);
    }
  }
  const [pair] = alone;
  if (!pair || (join.type === 'count' && hasPair)) return false;
  const [first, second] = pair.map((arc) => `\`${graph.id(arc.from)}\``);
  const who = first === second ? `those from ${first}` : `those from ${first} and ${second}`;
  const message = `Expected every edge into \`${node.id}\` to bring an arrival, but of ${who} only one is taken.`;
  report.add('WAITS_FOREVER', joinAt ?? at, message, 'Use `join: taken`, or no join where only one path comes along.');
  return true;
}

/** A branch that can end elsewhere leaves the join waiting. */
function wayOut(graph: Graph, branches: readonly Branches[], index: number, join: JoinRule): Said | null {
  const needed = join.type === 'count' ? join.count : graph.in(index).length;
  for (const parted of branches) {
    if (!parted.inNode.has(index) || !meeting(graph, parted, index)) continue;
    const numbers = [...(parted.inNode.get(index) ?? [])];
    const ends = numbers.map((number) => findEscape(graph, parted, number, index));
    const lost = ends.filter((end) => end !== null);
    const mayBeMissing = join.type === 'all' ? lost.length > 0 : numbers.length - lost.length < needed;
    if (!parted.isOptional && !mayBeMissing) continue;
    const [end] = lost;
    const why = end === undefined ? 'not every one of them is taken' : `one can go to \`${graph.id(end)}\` instead`;
    const message = `Expected every path from \`${graph.id(parted.at)}\` to come to \`${graph.id(index)}\`, but ${why}.`;
    const other = end !== undefined && graph.node(end)?.kind === 'end' ? ', or make that end `terminate`' : '';
    return [
      message,
      `The join would then wait for ever. Use \`join: taken\`${other}; or put the branches into a \`scope\`.`,
    ];
  }
  return null;
}

/** A path that leads into the middle of a parallel block comes to its join alone. */
function wayPast(graph: Graph, branches: readonly Branches[], index: number): Said | null {
  const partings = new Set(branches.filter((parted) => meeting(graph, parted, index)).map((parted) => parted.at));
  const starts = graph.ofKind('start').filter((start) => !partings.has(start));
  const [first] = partings;
  if (first === undefined || graph.reachable(starts, (other) => !partings.has(other))[index] !== 1) return null;
  const message = `Expected every path to \`${graph.id(index)}\` to lead through \`${graph.id(first)}\`, but one comes past it.`;
  return [message, 'Alone, it would wait at the join for ever. Use `join: taken`.'];
}

/** All that can be said where it is the whole of the flow that lets the arrivals differ. */
function unequal(graph: Graph, index: number): Said {
  const message = `Expected the edges into \`${graph.id(index)}\` to be taken equally often, but nothing in the flow makes sure of it.`;
  return [message, 'Let all of them part at one place, or use `join: taken`.'];
}

type Said = readonly [message: string, hint: string];

/** Where a branch can get lost on a way that does not lead into the join: in an end of its own, or in another join. */
function findEscape(graph: Graph, parted: Branches, number: number, join: number): number | null {
  const isPassed = (index: number): boolean => index !== join && index !== parted.at && !parted.merging.has(index);
  const heads = (parted.begins.get(number) ?? []).map((arc) => arc.to);
  const seen = graph.reachable(heads.filter(isPassed), isPassed);
  for (const head of heads) seen[head] = 1;
  const found = graph.ids.findIndex((_, index) => {
    const node = graph.node(index);
    const isLost = (node?.kind === 'end' && node.mode === 'finish') || parted.merging.has(index);
    return seen[index] === 1 && index !== join && isLost;
  });
  return found < 0 ? null : found;
}
