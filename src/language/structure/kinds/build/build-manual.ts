import type { ManualNode } from '../../../../core/definition/nodes/waiting-nodes.js';
import type { Expression } from '../../../../core/expression.js';
import type { JsonObject } from '../../../../core/json.js';
import { compilePlaced, type PlacedExpression } from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { entryOf, type MapTree, plain } from '../../../yaml/tree.js';
import { checkInputSchema } from '../../input/input-keywords.js';
import { milliseconds } from '../task-defaults.js';

export interface BuiltManual {
  readonly manual: Pick<ManualNode, 'title' | 'assignee' | 'form' | 'dueMs' | 'timeoutMs'>;
  readonly expressions: readonly PlacedExpression[];
}

/** What a person is asked for; `null` when something in it is faulty. */
export function buildManual(tree: MapTree, report: Report): BuiltManual | null {
  const written = entryOf(tree, 'manual')?.value;
  const form = entryOf(written, 'form')?.value;
  if (form) checkInputSchema(form, report);
  const by = entryOf(written, 'assignee')?.value;
  const placed = by?.type === 'scalar' ? compilePlaced(by, report) : null;
  if (by && !placed) return null;
  const assignee: Expression | null = placed?.compiled.expression ?? null;
  const duration = (key: string): number | null => {
    const value = entryOf(tree, key)?.value;
    return value ? milliseconds(String(plain(value))) : null;
  };
  return {
    manual: {
      title: written ? (plain(written) as { title: string }).title : null,
      assignee,
      form: form ? (plain(form) as JsonObject) : null,
      dueMs: duration('due'),
      timeoutMs: duration('timeout'),
    },
    expressions: placed ? [placed] : [],
  };
}
