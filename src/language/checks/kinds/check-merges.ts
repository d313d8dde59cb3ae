import { MERGE_TAKES, type Merge, takenBy } from '../../../core/definition/control/merge.js';
import { Isolation } from '../../../core/definition/control/merging.js';
import type { Edge } from '../../../core/definition/definition.js';
import type { Report, Span } from '../../report/report.js';
import type { DraftNode, Writing } from '../../structure/draft.js';
import type { Graph } from '../graph.js';

/** Where the branches of the joins that merge keep what they write. */
export function isolationOf(graph: Graph): Isolation {
  const nodes = [...graph.draft.nodes.values()].flatMap(({ node }) => ('merge' in node && node.merge ? [node] : []));
  if (nodes.length === 0) return new Isolation([], '', { incoming: new Map(), leaving: new Map() });
  const edges = graph.arcs.map(({ index, from, to }): Edge => {
    return { index, line: index, from: graph.id(from), to: graph.id(to) };
  });
  const all = (end: 'from' | 'to') => new Map(graph.ids.map((id) => [id, edges.filter((edge) => edge[end] === id)]));
  const [start = -1] = graph.ofKind('start');
  return new Isolation(nodes, graph.id(start), { incoming: all('to'), leaving: all('from') });
}

/** What a join merges is written in its branches, and is of a type that can be merged so. */
export function checkMerges(graph: Graph, isolation: Isolation, report: Report): void {
  if (!graph.isComplete) return;
  for (const drafted of graph.draft.nodes.values()) {
    const { node, mergesAt } = drafted;
    const merges = ('merge' in node && node.merge) || [];
    const why = merges.length > 0 ? whyNoBranches(drafted, isolation) : null;
    for (const merge of merges) {
      const at = mergesAt.get(merge.name) ?? drafted.at;
      if (why)
        report.add('MERGE_NOT_HERE', at, `Expected branches that meet at \`${node.id}\`, but ${why[0]}.`, why[1]);
      else checkMerge(graph, isolation, node.id, merge, at, report);
      if (why) break;
    }
  }
}

function whyNoBranches({ node }: DraftNode, isolation: Isolation): readonly [why: string, hint: string] | null {
  const { join } = node;
  if (join === null || join.type === 'each') return ['it does not wait for them', 'Write `join: all` beside it.'];
  if (join.type === 'arrivals') return ['it counts arrivals of whichever branch', 'Write `join: all`, or a number.'];
  if (join.type === 'count' && join.rest === 'hold') {
    return ['its rounds overtake one another', 'Write `rest: cancel`, or read the outputs by node id.'];
  }
  const branches = isolation.branchesOf(node.id);
  if (branches.length > 1) return null;
  return ['only one comes there', 'Paths that share a node on the way are one branch. Let them part at one place.'];
}

function checkMerge(
  graph: Graph,
  isolation: Isolation,
  join: string,
  { name, rule }: Merge,
  at: Span,
  report: Report,
): void {
  const writes: (Writing & { readonly node: string })[] = [];
  for (const [id, drafted] of graph.draft.nodes) {
    const isInside = isolation.branchesOf(join).some(({ nodes }) => nodes.has(id));
    if (isInside)
      writes.push(...drafted.writes.filter((one) => one.name === name).map((one) => ({ ...one, node: id })));
  }
  const inner = [...graph.draft.nodes.values()].some(
    ({ node, mergesAt }) => mergesAt.has(name) && isolation.branchesOf(join).some(({ nodes }) => nodes.has(node.id)),
  );
  if (writes.length === 0 && !inner) {
    const message = `Expected a variable that the branches into \`${join}\` write, but none of their nodes writes \`vars.${name}\`.`;
    report.add('MERGE_UNWRITTEN', at, message, 'Let each branch write it with `out` or `set`.');
    return;
  }
  const takes = rule.type === 'by' ? 'any' : MERGE_TAKES[rule.type];
  const wrong = takes === 'any' ? undefined : writes.find(({ type }) => type !== 'unknown' && !takes.includes(type));
  if (!wrong || takes === 'any') return;
  const message = `Expected ${takenBy(takes)} for \`${rule.type}\`, but \`${wrong.node}\` writes a ${wrong.type} to \`vars.${name}\`.`;
  report.add('MERGE_UNFIT', at, message, 'Write what fits, or merge it by another rule: `list` takes anything.');
}
