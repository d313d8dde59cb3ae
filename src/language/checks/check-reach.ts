import { isBoundary } from '../../core/definition/control/border.js';
import { takesTime } from '../../core/definition/definition.js';
import type { Report } from '../report/report.js';
import { ID_PATTERN } from '../structure/parts.js';
import type { Graph } from './graph.js';

/** Every node is on a way from the start to an end, and no loop runs without work or waiting in it. */
export function checkReach(graph: Graph, report: Report): void {
  checkLoops(graph, report);
  if (!graph.isComplete) return;
  checkUnreachable(graph, report);
  checkDeadEnds(graph, report);
}

function checkUnreachable(graph: Graph, report: Report): void {
  const starts = graph.ofKind('start');
  if (starts.length === 0) return;
  const reached = graph.reachable(starts);
  graph.ids.forEach((id, index) => {
    const drafted = graph.drafted(index);
    if (reached[index] === 1 || !drafted || drafted.node.kind === 'start' || isNameless(graph, index)) return;
    const hint = `Draw an edge to \`${id}\`, or delete the node.`;
    report.add('UNREACHABLE', drafted.at, `Expected a way from the start to \`${id}\`, but there is none.`, hint);
  });
}

function checkDeadEnds(graph: Graph, report: Report): void {
  const isEnd = (index: number): boolean => {
    const node = graph.node(index);
    return !node || node.kind === 'end';
  };
  const ends = graph.ids.flatMap((_, index) => (isEnd(index) ? [index] : []));
  const leadsOn = graph.sources(ends);
  graph.ids.forEach((id, index) => {
    const drafted = graph.drafted(index);
    if (!drafted || drafted.node.kind === 'end' || isNameless(graph, index)) return;
    const normal = graph.out(index).filter(({ line }) => !isBoundary(line.when?.type));
    if (normal.length === 0) {
      const only = graph.out(index).length > 0 ? 'only its failures have one' : 'there is none';
      report.add(
        'DEAD_END',
        drafted.at,
        `Expected an edge from \`${id}\`, but ${only}.`,
        'Draw one to the next node or to an end.',
      );
    } else if (leadsOn[index] !== 1 && ends.length > 0) {
      report.add('NO_WAY_TO_END', drafted.at, `Expected a way from \`${id}\` to an end, but there is none.`);
    }
  });
}

/** No edge can name such an id; that it is none has been told. */
const isNameless = (graph: Graph, index: number): boolean =>
  !ID_PATTERN.test(graph.id(index)) && graph.in(index).length + graph.out(index).length === 0;

/** A loop of nodes that need neither time nor work would turn for ever within one step. */
function checkLoops(graph: Graph, report: Report): void {
  const isQuick = (index: number): boolean => {
    const kind = graph.node(index)?.kind;
    return kind !== undefined && !takesTime(kind);
  };
  const done = new Set<number>();
  graph.ids.forEach((id, index) => {
    if (!isQuick(index) || done.has(index)) return;
    const behind = graph.reachable([index], isQuick);
    if (behind[index] !== 1) return;
    const loop = graph.ids.flatMap((_, other) => {
      const isOn = isQuick(other) && behind[other] === 1 && graph.reachable([other], isQuick)[index] === 1;
      return isOn ? [other] : [];
    });
    for (const other of loop) done.add(other);
    const names = loop.map((other) => `\`${graph.id(other)}\``).join(', ');
    const at = graph.drafted(index)?.at;
    if (!at) return;
    const message = `Expected a task, a timer or a wait in every loop, but ${names} ${loop.length > 1 ? 'are' : 'is'} one without.`;
    report.add('TIGHT_LOOP', at, message, `Put a timer on the way back to \`${id}\`.`);
  });
}
