import { takesTime } from '../../../core/definition/definition.js';
import { didYouMean } from '../../report/nearest.js';
import type { Report } from '../../report/report.js';
import type { Draft } from '../../structure/draft.js';

/** The node that another waits for can be active. */
export function checkGates(draft: Draft, report: Report): void {
  for (const { at, node, whileAt } of draft.nodes.values()) {
    if (node.kind === 'guard' || node.while === undefined) continue;
    const place = whileAt ?? at;
    const other = draft.nodes.get(node.while)?.node;
    if (!draft.ids.has(node.while)) {
      const message = `Expected the id of a node, but there is no \`${node.while}\`.`;
      report.add('UNKNOWN_NODE', place, message, didYouMean(node.while, draft.ids.keys()));
    } else if (other && (other.id === node.id || !takesTime(other.kind))) {
      const what = other.id === node.id ? 'the node itself' : `a ${other.kind}, which is over as soon as it is entered`;
      const message = `Expected another node that takes time, but \`${node.while}\` is ${what}.`;
      report.add('WHILE_NEVER_HOLDS', place, message, 'Name a task, a wait, a timer, a call or what a person does.');
    }
  }
}
