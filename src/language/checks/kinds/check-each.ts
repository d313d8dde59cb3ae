import type { FlowNode } from '../../../core/definition/definition.js';
import { EACH_VISITS } from '../../../core/definition/work/each.js';
import type { Report, Span } from '../../report/report.js';
import type { Draft } from '../../structure/draft.js';

/** Most items whose outputs are listed, and most of which each can be undone: what is done of them is kept item by item. */
const MOST_COLLECTED = 10_000;
const MOST_UNDONE = 1_000;

/** Names of items are told from nodes, and what is called for an item is given it. */
export function checkEach(draft: Draft, report: Report): void {
  for (const { node, at } of draft.nodes.values()) {
    if (node.kind === 'task' && node.tcc) checkVisits(node, at, report);
    if ((node.kind !== 'task' && node.kind !== 'call') || !node.each) continue;
    for (const name of [node.each.as, 'index']) {
      if (!draft.ids.has(name)) continue;
      const message = `Expected \`${name}\` to be free for the items of \`${node.id}\`, but a node is called so.`;
      report.add('RESERVED_NAME', draft.ids.get(name) ?? at, message, 'Rename the node, or say `as` in `each`.');
    }
    if (node.kind === 'call' && node.in === null) {
      const message = `Expected the key \`in\` on \`${node.id}\`, but it is missing, and every call would get the same.`;
      report.add('MISSING_KEY', at, message, `For example in: { ${node.each.as}: ${node.each.as} }.`);
    }
    const { limit, collect } = node.each;
    if (collect && limit > MOST_COLLECTED) {
      const message = `Expected \`collect: false\` beside a \`limit\` above ${MOST_COLLECTED} on \`${node.id}\`, but it is missing, and what so many items give does not fit into the context.`;
      report.add('MISSING_KEY', at, message, 'Let the handler keep what it gives; the counts are still there.');
    }
    if (node.kind === 'task' && node.undo && limit > MOST_UNDONE) {
      const message = `Expected a \`limit\` of at most ${MOST_UNDONE} items on \`${node.id}\`, which can be undone, but it is ${limit}.`;
      report.add('OUT_OF_RANGE', at, message, 'Hand the items over in parts, each to an instance of its own.');
    }
    checkVisits(node, at, report);
  }
}

/** What a visit consists of has visit numbers of its own. */
function checkVisits({ id, visits }: FlowNode, at: Span, report: Report): void {
  if (visits <= EACH_VISITS) return;
  const message = `Expected at most ${EACH_VISITS} visits of \`${id}\`, since each consists of several, but it is ${visits}.`;
  report.add('OUT_OF_RANGE', at, message);
}
