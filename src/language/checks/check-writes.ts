import type { Report, Span } from '../report/report.js';
import { type Branches, runInParallel } from './branches.js';
import type { Graph } from './graph.js';

interface Write {
  readonly node: number;
  readonly at: Span;
}

/** Of two branches that write the same variable, the slower would win: which one that is, no author can tell. */
export function checkWrites(graph: Graph, branches: readonly Branches[], report: Report): void {
  const writers = new Map<string, Write[]>();
  graph.ids.forEach((_, node) => {
    for (const { name, at } of graph.drafted(node)?.writes ?? []) {
      const others = writers.get(name);
      if (others) others.push({ node, at });
      else writers.set(name, [{ node, at }]);
    }
  });
  for (const [name, writes] of writers) {
    writes.forEach((write, index) => {
      for (const other of writes.slice(0, index)) {
        const parted = branches.find((candidate) => runInParallel(candidate, write.node, other.node));
        if (!parted || other.node === write.node) continue;
        const pair = `\`${graph.id(other.node)}\` and \`${graph.id(write.node)}\``;
        const message = `Expected one writer of \`vars.${name}\` at a time, but ${pair} run in parallel since \`${graph.id(parted.at)}\`.`;
        report.add(
          'PARALLEL_WRITES',
          write.at,
          message,
          'Give the variables different names, or read the outputs by node id.',
        );
        return;
      }
    });
  }
}
