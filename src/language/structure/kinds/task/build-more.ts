import type { MoreRule } from '../../../../core/definition/work/each.js';
import type { Expression } from '../../../../core/expression.js';
import {
  compilePlaced,
  compileValue,
  isCondition,
  type PlacedExpression,
} from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { warnConstant } from '../../../report/warn-constant.js';
import { entryOf, plain, type Tree, within } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';
import { milliseconds } from '../task-defaults.js';

/** What conditions on the items of a node can read beside the scope. */
export const COUNTING = ['each', 'result', '_result'];
/** What they can read of the items. */
const COUNTS = ['total', 'done', 'yes', 'no', 'failed', 'left', 'closed'];

export interface BuiltMore {
  readonly rule: MoreRule | null;
  readonly expressions: readonly NodeExpression[];
}

/** How items are added. `null` when something in it is faulty. */
export function moreOf(tree: Tree | undefined, report: Report): BuiltMore | null {
  if (tree?.type !== 'map') return { rule: null, expressions: [] };
  const { message, keep } = plain(tree) as { message: string; keep?: string };
  const expressions: NodeExpression[] = [];
  const match = matchOf(entryOf(tree, 'match')?.value, expressions, report);
  const items = part(entryOf(tree, 'items')?.value, (written) => {
    const placed = written.type === 'scalar' ? compilePlaced(written, report) : null;
    if (placed) expressions.push({ role: 'until', placed, local: ['result', '_result'] });
    return placed;
  });
  const last = part(entryOf(tree, 'last')?.value, (written) => {
    const placed = conditionOf(written, report);
    if (placed) expressions.push({ role: 'until', placed, local: COUNTING });
    return placed;
  });
  if (!match || items === 'faulty' || last === 'faulty') return null;
  const keepMs = keep === undefined ? null : milliseconds(keep);
  return { rule: { message, match, keepMs, items, last }, expressions };
}

/** Nothing has finished that the match could read as `result`, and it is no item's. */
function matchOf(
  tree: Tree | undefined,
  expressions: NodeExpression[],
  report: Report,
): ReadonlyMap<string, Expression> | null {
  const match = new Map<string, Expression>();
  for (const { key, value } of tree?.type === 'map' ? tree.entries : []) {
    const compiled = compileValue(value, report);
    if (!compiled) return null;
    match.set(key, compiled.expression);
    for (const placed of compiled.parts) expressions.push({ role: 'in', placed, local: [] });
  }
  return match;
}

function part(tree: Tree | undefined, compile: (tree: Tree) => PlacedExpression | null): Expression | null | 'faulty' {
  return tree ? (compile(tree)?.compiled.expression ?? 'faulty') : null;
}

/** A condition on the counts of items. `null` when it is faulty. */
export function conditionOf(tree: Tree, report: Report): PlacedExpression | null {
  const placed = tree.type === 'scalar' ? compilePlaced(tree, report) : null;
  if (tree.type !== 'scalar' || !placed) return null;
  const { paths } = placed.compiled;
  if (!isCondition(placed, tree, report, 'Compare it: `each.yes >= 2`.')) return null;
  warnConstant(placed, tree, report, 'Compare a count: `each.yes >= 2`.');
  const wrong = paths.find(({ path: [root, member] }) => root === 'each' && !COUNTS.includes(member ?? ''));
  if (!wrong) return placed;
  const message = `Expected one of the counts of \`each\`, but \`${wrong.path.join('.')}\` is none.`;
  report.add('UNKNOWN_NAME', within(tree, wrong.start, wrong.end), message, `They are ${COUNTS.join(', ')}.`);
  return null;
}
