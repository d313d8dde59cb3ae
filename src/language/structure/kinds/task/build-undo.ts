import type { CallUndo, UndoRule } from '../../../../core/definition/work/undo.js';
import type { Expression } from '../../../../core/expression.js';
import { compileExpression } from '../../../expression/compile/compile-expression.js';
import { compileValue } from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { entryOf, type MapTree, plain, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';
import { ID_PATTERN } from '../../parts.js';
import type { SecretPlaces } from './secret-places.js';

/** How a call is undone: as {@link buildUndo} has it, by a flow and `{ call, in }`. Who goes on without waiting has nothing to undo. */
export function buildCallUndo(
  tree: Tree,
  node: MapTree,
  own: ReadonlyMap<string, Expression> | null,
  items: string | undefined,
  report: Report,
): { readonly rule: CallUndo; readonly expressions: readonly NodeExpression[] } | null {
  const at = entryOf(node, 'undo')?.keyAt ?? tree;
  if (entryOf(node, 'detach')) {
    const message = 'Expected no `undo` beside `detach`, but there is one: nobody hears what the called flow has done.';
    report.add('MODIFIER_NOT_HERE', at, message, 'Let the call wait for its end.');
    return null;
  }
  const built = buildUndo(tree, own ?? new Map(), items, report, 'call');
  const { handler: flow, in: values } = built?.rule ?? {};
  if (!built || flow === undefined) return null;
  if (!ID_PATTERN.test(flow)) {
    report.add(
      'BAD_ID',
      entryOf(tree, 'call')?.value ?? tree,
      `Expected the id of a flow that undoes it, but it is \`${flow}\`.`,
      'A call is undone by another flow.',
    );
    return null;
  }
  return { rule: { flow, in: values ?? new Map() }, expressions: built.expressions };
}

export interface BuiltUndo {
  readonly rule: UndoRule;
  readonly expressions: readonly NodeExpression[];
}

/**
 * The name of a handler, or `{ task, in }`. Without an `in` of its own it gets what the task gets, and what the task gave
 * as `result`. `null` when an expression is faulty.
 *
 * @param items what an item is called, where the task has items.
 * @param secrets those that the task gets; whatever has an `in` of its own names its own.
 */
export function buildUndo(
  tree: Tree,
  own: ReadonlyMap<string, Expression> | null,
  items: string | undefined,
  report: Report,
  by: 'task' | 'call' = 'task',
  secrets: SecretPlaces | null = null,
): BuiltUndo | null {
  const asTask = { in: withResult(own), ...secrets?.taken() };
  if (tree.type !== 'map') return { rule: { handler: String(plain(tree)), ...asTask }, expressions: [] };
  const named = entryOf(tree, by)?.value;
  if (!named) {
    const message = `Expected { ${by}, in } for what undoes a ${by}, but there is no \`${by}\`.`;
    report.add(
      'WRONG_TYPE',
      tree,
      message,
      by === 'call' ? 'A call is undone by another flow.' : 'A task is undone by a handler.',
    );
    return null;
  }
  const handler = String(plain(named));
  const written = entryOf(tree, 'in')?.value;
  if (written?.type !== 'map') return { rule: { handler, ...asTask }, expressions: [] };
  const local = ['result', ...(items === undefined ? [] : [items, 'index'])];
  const expressions: NodeExpression[] = [];
  const values = new Map<string, Expression>();
  const others = secrets?.others();
  for (const { key, value } of written.entries) {
    const compiled = compileValue(value, report, others?.at(key));
    if (!compiled) return null;
    values.set(key, compiled.expression);
    for (const placed of compiled.parts) expressions.push({ role: 'in', placed, local });
  }
  return { rule: { handler, in: values, ...others?.taken() }, expressions };
}

function withResult(own: ReadonlyMap<string, Expression> | null): UndoRule['in'] {
  const result = compileExpression('result');
  return own && result.ok ? new Map([['result', result.value.expression], ...own]) : own;
}
