import type { ManualNode } from '../../../definition/nodes/waiting-nodes.js';
import type { JsonObject } from '../../../json.js';
import type { FlowEvent } from '../../event.js';
import { type NodeInstance, resultFlag } from '../../instance.js';
import type { OpenedManual } from '../../transition.js';
import type { Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { keepCarried, raise } from '../leave.js';
import { isProblem, Problem } from '../problem.js';
import { boundTime, goOnWith } from './wait.js';

/** Longest name of whom it is for, and most characters of what that person is shown. */
const LONGEST_ASSIGNEE = 190;
const MOST_SHOWN = 16_384;

/** A person is asked from now on, and the time runs if it has one. */
export function beginManual(draft: Draft, row: NodeInstance, manual: ManualNode, carried: Carried | null): void {
  const asked = askedOf(draft, manual, carried);
  if (isProblem(asked)) {
    raise(draft, { ...row, attempt: 0 }, asked, null);
    keepCarried(draft, row, carried);
    return;
  }
  const { node, visit, attempt } = row;
  const { dueMs, timeoutMs } = manual;
  draft.put({ ...row, status: 'waiting' });
  // It may have to be asked once more, of the same person and with the same to see.
  keepCarried(draft, row, carried);
  draft.effects.push({ type: 'manual.opened', node, visit, ...asked, dueMs, timeoutMs });
  if (timeoutMs !== null) boundTime(draft, { node, visit, attempt }, timeoutMs);
}

/** A person has done it. What was given is stored even if no line can then be chosen. */
export function complete(
  draft: Draft,
  row: NodeInstance,
  manual: ManualNode,
  { output, by }: Extract<FlowEvent, { type: 'manual.completed' }>,
): void {
  const { node, visit } = row;
  const tooLarge = draft.measure(node, output);
  if (tooLarge) {
    raise(draft, row, tooLarge, null);
    return;
  }
  draft.outputs.push({ node, visit, output });
  goOnWith(draft, { ...row, reason: `completed by ${by}` }, manual, { result: output, flag: resultFlag(output) });
}

function askedOf(
  draft: Draft,
  manual: ManualNode,
  carried: Carried | null,
): Pick<OpenedManual, 'assignee' | 'shown'> | Problem {
  const assignee = assigneeOf(draft, manual, carried);
  if (isProblem(assignee)) return assignee;
  if (manual.in === null) return { assignee, shown: null };
  const shown: Record<string, JsonObject[string]> = {};
  for (const [name, expression] of manual.in) {
    const value = draft.evaluate(carried, (scope) => expression.value(scope));
    if (isProblem(value)) return value;
    shown[name] = value;
  }
  const size = JSON.stringify(shown).length;
  if (size <= MOST_SHOWN) return { assignee, shown };
  const message = `Expected at most ${MOST_SHOWN} characters to show at '${manual.id}', but there are ${size}. Name less of it in \`in\`.`;
  return new Problem('CONTEXT_TOO_LARGE', message);
}

/** A number is as good as a text; nothing at all means that it is anybody's. */
function assigneeOf(draft: Draft, { id, assignee }: ManualNode, carried: Carried | null): string | null | Problem {
  if (assignee === null) return null;
  const value = draft.evaluate(carried, (scope) => assignee.value(scope));
  if (isProblem(value) || value === null) return value;
  const name = typeof value === 'number' ? String(value) : value;
  if (typeof name === 'string' && name !== '' && name.length <= LONGEST_ASSIGNEE) return name;
  const message = `Expected the assignee '${assignee.text}' of '${id}' to give a text of at most ${LONGEST_ASSIGNEE} characters, but it gave ${JSON.stringify(value).slice(0, 80)}.`;
  return new Problem('EXPRESSION_TYPES', message);
}
