import type { UndoRule } from '../../../../core/definition/work/undo.js';
import type { Expression } from '../../../../core/expression.js';
import { compileExpression } from '../../../expression/compile-expression.js';
import { compileValue } from '../../../expression/compile-values.js';
import type { Report } from '../../../report/report.js';
import { entryOf, plain, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';

export interface BuiltUndo {
  readonly rule: UndoRule;
  readonly expressions: readonly NodeExpression[];
}

/**
 * The name of a handler, or `{ task, in }`. Without an `in` of its own it gets what the task gets, and what the task gave
 * as `result`. `null` when an expression is faulty.
 *
 * @param items what an item is called, where the task has items.
 */
export function buildUndo(
  tree: Tree,
  own: ReadonlyMap<string, Expression> | null,
  items: string | undefined,
  report: Report,
): BuiltUndo | null {
  if (tree.type !== 'map') return { rule: { handler: String(plain(tree)), in: withResult(own) }, expressions: [] };
  const handler = String(plain(entryOf(tree, 'task')?.value as Tree));
  const written = entryOf(tree, 'in')?.value;
  if (written?.type !== 'map') return { rule: { handler, in: withResult(own) }, expressions: [] };
  const local = ['result', ...(items === undefined ? [] : [items, 'index'])];
  const expressions: NodeExpression[] = [];
  const values = new Map<string, Expression>();
  for (const { key, value } of written.entries) {
    const compiled = compileValue(value, report);
    if (!compiled) return null;
    values.set(key, compiled.expression);
    for (const placed of compiled.parts) expressions.push({ role: 'in', placed, local });
  }
  return { rule: { handler, in: values }, expressions };
}

function withResult(own: ReadonlyMap<string, Expression> | null): UndoRule['in'] {
  const result = compileExpression('result');
  return own && result.ok ? new Map([['result', result.value.expression], ...own]) : own;
}
