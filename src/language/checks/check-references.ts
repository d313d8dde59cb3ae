import { didYouMean } from '../report/nearest.js';
import type { Report } from '../report/report.js';
import type { Draft, DraftNode, Target } from '../structure/draft.js';

/** Starts, ends, and edges to nodes that are there. */
export function checkReferences(draft: Draft, report: Report): void {
  checkStarts(draft, report);
  for (const line of draft.lines) {
    for (const target of [line.from, ...line.to]) checkTarget(target, draft, report);
    if (draft.nodes.get(line.from.id)?.node.kind === 'end') {
      report.add('EDGE_FROM_END', line.from.at, `Expected no edge from an end, but \`${line.from.id}\` is one.`);
    }
    for (const target of line.to) {
      if (draft.nodes.get(target.id)?.node.kind !== 'start') continue;
      report.add(
        'EDGE_INTO_START',
        target.at,
        `Expected no edge into the start, but \`${target.id}\` is one.`,
        'Go back to the node after it.',
      );
    }
  }
}

function checkTarget({ id, at }: Target, draft: Draft, report: Report): void {
  if (draft.ids.has(id)) return;
  const hint = didYouMean(id, draft.ids.keys()) ?? 'Add it under `nodes`.';
  report.add('UNKNOWN_NODE', at, `Expected the id of a node, but there is none named \`${id}\`.`, hint);
}

function checkStarts(draft: Draft, report: Report): void {
  const ofKind = (kind: string): DraftNode[] => [...draft.nodes.values()].filter(({ node }) => node.kind === kind);
  const [first, ...others] = ofKind('start');
  // A node that could not be read may be the one that is missed.
  const isComplete = draft.hasNodes && draft.nodes.size === draft.ids.size;
  if (!first && isComplete) {
    report.add('NO_START', draft.nodesAt, 'Expected one start, but there is none.', 'Add `begin: { start: true }`.');
  }
  for (const { at, node } of others) {
    report.add('TWO_STARTS', at, `Expected one start, but \`${first?.node.id}\` and \`${node.id}\` are two.`);
  }
  if (ofKind('end').length === 0 && isComplete) {
    report.add('NO_END', draft.nodesAt, 'Expected an end, but there is none.', 'Add `done: { end: success }`.');
  }
}
