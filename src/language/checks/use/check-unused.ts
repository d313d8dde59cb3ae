import type { FlowNode } from '../../../core/definition/definition.js';
import type { Report } from '../../report/report.js';
import { uses } from '../check-names.js';
import type { Graph } from '../graph.js';

/** A variable that no expression reads, and no task after it that gets the whole scope, was written for nobody. */
export function checkUnused(graph: Graph, report: Report): void {
  if (!graph.isComplete || graph.ids.some((_, index) => !graph.node(index))) return;
  const read = new Set<string | undefined>();
  for (const { placed } of uses(graph)) {
    for (const { path } of placed.compiled.paths) if (path[0] === 'vars') read.add(path[1]);
  }
  if (read.has(undefined)) return;
  graph.ids.forEach((_, index) => {
    const unread = (graph.drafted(index)?.writes ?? []).filter(({ name }) => !read.has(name));
    if (unread.length === 0) return;
    const isSeen = graph.ids.some((_id, other) => seesAll(graph.node(other)) && graph.reaches(index, other));
    if (isSeen) return;
    for (const { name, at } of unread) {
      const message = `Expected a variable that something reads, but nothing reads \`vars.${name}\`.`;
      report.add('UNUSED_VARIABLE', at, message, `If it is for who looks at the instance, name it under \`output\`.`);
    }
  });
}

/** Work that does not say what it reads gets everything. */
const seesAll = (node: FlowNode | undefined): boolean =>
  node !== undefined && node.kind !== 'call' && 'in' in node && node.in === null;
