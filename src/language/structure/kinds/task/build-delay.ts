import type { DelayRule } from '../../../../core/definition/control/delay.js';
import type { Expression } from '../../../../core/expression.js';
import { compilePlaced, isCondition } from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { warnConstant } from '../../../report/warn-constant.js';
import { entryOf, plain, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';
import { parseDuration } from '../../duration.js';
import { milliseconds } from '../task-defaults.js';

export interface BuiltDelay {
  readonly rule: DelayRule;
  readonly expressions: readonly NodeExpression[];
}

/** The short form is a duration, the long form a map. `null` when something in it is faulty. */
export function buildDelay(tree: Tree, report: Report): BuiltDelay | null {
  if (tree.type !== 'map') {
    return { rule: { when: null, wait: { ms: milliseconds(String(plain(tree))) }, maxMs: null }, expressions: [] };
  }
  const expressions: NodeExpression[] = [];
  let faulty = false;
  const compiled = (written: Tree | undefined, local?: readonly string[]): Expression | null => {
    const placed = written?.type === 'scalar' ? compilePlaced(written, report) : null;
    if (placed) expressions.push({ role: 'delay', placed, ...(local && { local }) });
    else if (written) faulty = true;
    return placed?.compiled.expression ?? null;
  };
  const condition = entryOf(tree, 'when')?.value;
  const when = compiled(condition, ['circuit']);
  const placed = when ? expressions[0]?.placed : undefined;
  if (condition && placed && !isCondition(placed, condition, report, 'Compare it: `input.amount > 100`.'))
    faulty = true;
  if (when) warnConstant(expressions[0]?.placed, condition, report, 'Leave `when` out, or the whole delay.');
  const wait = waitFrom(entryOf(tree, 'for')?.value, entryOf(tree, 'until')?.value, compiled);
  const max = entryOf(tree, 'max')?.value;
  if (faulty || !wait) return null;
  return { rule: { when, wait, maxMs: max ? milliseconds(String(plain(max))) : null }, expressions };
}

/** What stands under `for` is a duration as elsewhere, or an expression that gives one. */
function waitFrom(
  length: Tree | undefined,
  moment: Tree | undefined,
  compiled: (written: Tree) => Expression | null,
): DelayRule['wait'] | null {
  const ms = length ? parseDuration(String(plain(length))) : null;
  if (ms !== null) return { ms };
  const expression = length ? compiled(length) : moment ? compiled(moment) : null;
  if (!expression) return null;
  return length ? { for: expression } : { until: expression };
}
