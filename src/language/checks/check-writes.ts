import type { Isolation } from '../../core/definition/control/merging.js';
import type { Report, Span } from '../report/report.js';
import { type Branches, runInParallel } from './branches.js';
import type { Graph } from './graph.js';

interface Write {
  readonly node: number;
  readonly at: Span;
  /** Where its branch keeps it; `undefined`: it is in no branch that keeps it apart. */
  readonly slot: string | undefined;
}

/** Of two branches that write the same variable, the slower would win: which one that is, no author can tell. */
export function checkWrites(graph: Graph, branches: readonly Branches[], isolation: Isolation, report: Report): void {
  const writers = new Map<string, Write[]>();
  graph.ids.forEach((_, node) => {
    const drafted = graph.drafted(node);
    if (!drafted) return;
    const slots = isolation.slotsOf(graph.id(node));
    // What a join makes of several values, it writes.
    const merged = [...drafted.mergesAt].map(([name, at]) => ({ name, at }));
    for (const { name, at } of [...drafted.writes, ...merged]) {
      const write = { node, at, slot: slots.get(name)?.[0] };
      const others = writers.get(name);
      if (others) others.push(write);
      else writers.set(name, [write]);
    }
  });
  for (const [name, writes] of writers) {
    writes.forEach((write, index) => {
      for (const other of writes.slice(0, index)) {
        if (other.slot !== write.slot) continue;
        const parted = branches.find((candidate) => runInParallel(candidate, write.node, other.node));
        if (!parted || other.node === write.node) continue;
        const pair = `\`${graph.id(other.node)}\` and \`${graph.id(write.node)}\``;
        const message = `Expected one writer of \`vars.${name}\` at a time, but ${pair} run in parallel since \`${graph.id(parted.at)}\`.`;
        report.add(
          'PARALLEL_WRITES',
          write.at,
          message,
          'Give the variables different names, or say at their join what becomes of it: `merge: { ' +
            `${name}: list }\`.`,
        );
        return;
      }
    });
  }
}
