import { didYouMean } from '../../report/nearest.js';
import type { Report } from '../../report/report.js';
import type { Draft } from '../../structure/draft.js';

/** What is to be undone can be undone. */
export function checkUndo(draft: Draft, report: Report): void {
  const undoable = [...draft.nodes.values()].flatMap(({ node }) =>
    (node.kind === 'task' || node.kind === 'call') && node.undo ? [node.id] : [],
  );
  // A node that could not be read may be the one that has `undo`.
  const isComplete = draft.nodes.size === draft.ids.size;
  for (const { node, at } of draft.nodes.values()) {
    if (node.kind !== 'compensate' || !isComplete) continue;
    if (node.what !== 'all' && !draft.ids.has(node.what)) {
      const message = `Expected \`all\` or the id of a node, but there is none named \`${node.what}\`.`;
      report.add('UNKNOWN_NODE', at, message, didYouMean(node.what, ['all', ...undoable]) ?? 'Add it under `nodes`.');
    } else if (node.what === 'all' ? undoable.length === 0 : !undoable.includes(node.what)) {
      const who = node.what === 'all' ? 'a task or a call with `undo`' : `\`undo\` on \`${node.what}\``;
      const message = `Expected ${who}, but there is none, and \`${node.id}\` would undo nothing.`;
      report.add('NOTHING_TO_UNDO', at, message, 'Say how it is undone: undo: payment.reverse.');
    }
  }
}
