import { isBorder, isBoundary } from '../../../core/definition/control/border.js';
import { type FlowNode, type LineWhen, takesTime } from '../../../core/definition/definition.js';
import { whenText } from '../../../core/diagram/mermaid.js';
import type { Report, Span } from '../../report/report.js';
import type { DraftLine } from '../../structure/draft.js';

/** The lines from one node that are taken for what happens to it: such a thing can happen, and takes one of them. */
export function checkBoundaries(node: FlowNode, lines: readonly DraftLine[], report: Report): void {
  const seen = new Set<string>();
  for (const { when, whenAt } of lines) {
    if (!when || !isBoundary(when.type)) continue;
    const name = whenText({ when });
    checkKind(node, when, name, whenAt, report);
    if (seen.has(name)) {
      const message = `Expected \`${name}\` once from \`${node.id}\`, but an earlier edge has it.`;
      report.add('DUPLICATE_CONDITION', whenAt, message, 'The later edge is never taken.');
    }
    seen.add(name);
  }
}

function checkKind(node: FlowNode, when: LineWhen, name: string, at: Span, report: Report): void {
  if (isBorder(when)) {
    if (takesTime(node.kind)) return checkTime(node, when, name, at, report);
    const message = `Expected \`${name}\` on an edge from a node that takes time, but \`${node.id}\` is a ${node.kind}.`;
    report.add('BOUNDARY_NOT_TASK', at, message, 'It is over as soon as it is entered: nothing can come meanwhile.');
    return;
  }
  if ((node.kind === 'wait' || node.kind === 'manual') && when.type === 'timeout') {
    if (node.timeoutMs !== null) return;
    const message = `Expected \`timeout\` on the ${node.kind} \`${node.id}\`, but it has none, and \`${name}\` is never taken.`;
    report.add('NEVER_TAKEN', at, message, 'Say how long it waits, or delete the edge.');
  } else if (node.kind !== 'task' && !(node.kind === 'call' && when.type === 'error')) {
    const message = `Expected \`${name}\` on an edge from a task, but \`${node.id}\` is a ${node.kind}.`;
    report.add('BOUNDARY_NOT_TASK', at, message, 'Tasks and calls fail; tasks, waits and manual nodes time out.');
  }
}

function checkTime(node: FlowNode, when: LineWhen, name: string, at: Span, report: Report): void {
  if (when.type !== 'after' || (node.kind !== 'wait' && node.kind !== 'manual')) return;
  if (node.timeoutMs === null || when.afterMs < node.timeoutMs) return;
  const message = `Expected \`${name}\` to come before the timeout of the ${node.kind} \`${node.id}\`, but it is over by then.`;
  report.add('NEVER_TAKEN', at, message, 'Shorten `after`, or delete the edge.');
}
