import { isRace } from '../../../core/definition/graph.js';
import type { Report } from '../../report/report.js';
import type { DraftLine } from '../../structure/draft.js';
import type { Graph } from '../graph.js';

const HINT =
  'An event gateway leads to waits, manual nodes and timers, each by a line of its own: `race -> paid`, `race -> late`.';

/** What an event gateway leads to waits, and is entered from there alone: else nothing could be told to have come first. */
export function checkRaces(graph: Graph, report: Report): void {
  graph.ids.forEach((id, index) => {
    const node = graph.node(index);
    if (!node || !isRace(node)) return;
    const lines = new Set(graph.out(index).map(({ line }) => line));
    for (const line of lines) checkLine(graph, id, line, report);
  });
}

function checkLine(graph: Graph, gateway: string, { when, whenAt, to }: DraftLine, report: Report): void {
  if (when && when.type !== 'always') {
    const message = `Expected no condition on an edge from the event gateway \`${gateway}\`, but there is one.`;
    report.add('RACE_LINE', whenAt, message, HINT);
  }
  for (const { id, at } of to) {
    const index = graph.ids.indexOf(id);
    const node = graph.node(index);
    if (!node) continue;
    if (node.kind !== 'wait' && node.kind !== 'manual' && node.kind !== 'timer') {
      const message = `Expected a wait, a manual node or a timer behind the event gateway \`${gateway}\`, but \`${id}\` is a ${node.kind}.`;
      report.add('RACE_LINE', at, message, HINT);
    } else if (node.mutex || node.while !== undefined) {
      const message = `Expected no \`mutex\` and no \`while\` on \`${id}\`, which races behind the event gateway \`${gateway}\`.`;
      report.add('RACE_LINE', at, message, 'Put the condition before the gateway.');
    } else if (graph.isComplete && graph.in(index).length > 1) {
      const message = `Expected \`${id}\` to be entered from the event gateway \`${gateway}\` alone, but there are other edges into it.`;
      report.add('RACE_LINE', at, message, 'Make a node of its own for each.');
    }
  }
}
