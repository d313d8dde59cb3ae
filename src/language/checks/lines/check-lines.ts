import { isBoundary } from '../../../core/definition/control/border.js';
import type { FlowNode } from '../../../core/definition/definition.js';
import { isRace } from '../../../core/definition/graph.js';
import { didYouMean } from '../../report/nearest.js';
import type { Report } from '../../report/report.js';
import { warnConstant } from '../../report/warn-constant.js';
import type { Draft, DraftLine } from '../../structure/draft.js';
import { checkBoundaries } from './check-boundaries.js';
import { checkGates } from './check-gates.js';
import { checkScopes } from './check-scopes.js';

/** The lines that leave one node, looked at together. */
export function checkLines(draft: Draft, report: Report): void {
  const byNode = new Map<string, DraftLine[]>();
  for (const line of draft.lines) {
    const lines = byNode.get(line.from.id);
    if (lines) lines.push(line);
    else byNode.set(line.from.id, [line]);
  }
  checkScopes(draft, report);
  checkGates(draft, report);
  for (const [id, lines] of byNode) {
    const node = draft.nodes.get(id)?.node;
    if (!node || node.kind === 'end') continue;
    checkBoundaries(node, lines, report);
    checkConstants(lines, report);
    const normal = lines.filter(({ when }) => !isBoundary(when?.type));
    // What an event gateway's lines must be is told with what they lead to.
    if (isRace(node)) continue;
    if (node.kind === 'gateway' && node.mode === 'parallel') checkParallel(node, normal, report);
    else checkChoice(node, normal, report);
  }
}

function checkConstants(lines: readonly DraftLine[], report: Report): void {
  for (const { condition, whenAt } of lines) {
    warnConstant(condition, whenAt, report, 'Leave the colon out, or delete the edge.');
  }
}

function checkParallel(node: FlowNode, lines: readonly DraftLine[], report: Report): void {
  for (const { when, whenAt } of lines) {
    if (!when || when.type === 'always') continue;
    const message = `Expected no condition on an edge from the parallel gateway \`${node.id}\`, but there is one.`;
    report.add(
      'CONDITION_ON_PARALLEL',
      whenAt,
      message,
      'A parallel gateway takes all of its edges; `inclusive` takes those that hold.',
    );
  }
}

function checkChoice(node: FlowNode, lines: readonly DraftLine[], report: Report): void {
  const isInclusive = node.kind === 'gateway' && node.mode === 'inclusive';
  const elses = lines.filter(({ when }) => when?.type === 'else');
  const always = lines.filter(({ when }) => when?.type === 'always');
  for (const { whenAt } of elses.slice(1)) {
    report.add('TWO_ELSES', whenAt, `Expected one \`else\` from \`${node.id}\`, but there are ${elses.length}.`);
  }
  if (!isInclusive) {
    for (const { from } of always.slice(1)) {
      const message = `Expected one unconditional edge from \`${node.id}\`, but there are ${always.length}.`;
      const hint = `For both in parallel write \`${node.id} -> a & b\`, for a choice give the others a condition.`;
      report.add('TWO_UNCONDITIONAL', from.at, message, hint);
    }
    checkOrder(node, lines, always[0], report);
  }
  checkTwins(node, lines, report);
  checkArms(node, lines, report);
  const conditions = lines.filter(({ when }) => when?.type === 'if');
  const hasWayOut = elses.length > 0 || always.length > 0 || lines.some(({ when }) => when === null);
  if (conditions.length === 0 || hasWayOut || areOpposite(conditions)) return;
  const last = conditions.at(-1) as DraftLine;
  const message = `Expected an \`else\` from \`${node.id}\`, but there is none.`;
  report.add('NO_ELSE', last.whenAt, message, 'When nothing holds, the node becomes the incident NO_EDGE.');
}

/** After a line that always holds, nothing in file order is tried; and `else` is tried last of all. */
function checkOrder(node: FlowNode, lines: readonly DraftLine[], always: DraftLine | undefined, report: Report): void {
  if (!always) return;
  const from = lines.indexOf(always);
  lines.forEach((line, index) => {
    const isNever = line.when?.type === 'else' || (line.when?.type === 'if' && index > from);
    if (!isNever) return;
    const message = `Expected every edge to be taken sometimes, but \`${node.id}\` has an unconditional one that goes first.`;
    report.add('NEVER_TAKEN', line.whenAt, message, 'Give the unconditional edge a condition, or delete this one.');
  });
}

function checkTwins(node: FlowNode, lines: readonly DraftLine[], report: Report): void {
  const seen = new Set<string>();
  for (const { when, whenAt } of lines) {
    if (when?.type !== 'if') continue;
    const text = squeezed(when.condition.text);
    if (seen.has(text)) {
      const message = `Expected each condition once from \`${node.id}\`, but an earlier edge has the same.`;
      report.add(
        'DUPLICATE_CONDITION',
        whenAt,
        message,
        'Lines are tried in file order. For both at once write `-> a & b`.',
      );
    }
    seen.add(text);
  }
}

/** An arm that a split does not have is never chosen. */
function checkArms(node: FlowNode, lines: readonly DraftLine[], report: Report): void {
  if (node.kind !== 'gateway' || !node.split) return;
  const arms = node.split.arms.map(({ name }) => name);
  for (const { when, whenAt } of lines) {
    if (when?.type !== 'if') continue;
    for (const [, arm = ''] of when.condition.text.matchAll(/\bresult\.arm\s*[!=]=\s*["']([^"']*)["']/g)) {
      if (arms.includes(arm)) continue;
      const message = `Expected an arm of the split \`${node.id}\`, but it has no \`${arm}\`.`;
      report.add('UNKNOWN_ARM', whenAt, message, didYouMean(arm, arms) ?? `It has ${arms.join(', ')}.`);
    }
  }
}

/** `x` and `not x`, or `not (x)`: one of them always holds. So it does with `_result`, which is always a boolean. */
function areOpposite(lines: readonly DraftLine[]): boolean {
  const texts = new Set(lines.map(({ when }) => (when?.type === 'if' ? squeezed(when.condition.text) : '')));
  const has = (...forms: string[]): boolean => forms.some((form) => texts.has(form));
  if (has('_result', '_result == true') && has('not _result', '_result == false')) return true;
  return [...texts].some((text) => texts.has(`not ${text}`) || texts.has(`not (${text})`) || texts.has(`not(${text})`));
}

const squeezed = (text: string): string => text.trim().replace(/\s+/g, ' ');
