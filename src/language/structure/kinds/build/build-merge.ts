import type { Merge, MergeName } from '../../../../core/definition/control/merge.js';
import { compilePlaced } from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { entryOf, plain, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';

export interface BuiltMerge {
  readonly rule: { readonly merge: readonly Merge[] };
  readonly expressions: readonly NodeExpression[];
}

/** `merge: { name: sum, other: { by: expression } }`, accepted by its schema. `null` when an expression is faulty. */
export function buildMerge(written: Tree, report: Report): BuiltMerge | null {
  if (written.type !== 'map') return null;
  const merge: Merge[] = [];
  const expressions: NodeExpression[] = [];
  for (const { key: name, value } of written.entries) {
    // Which branches there are, only the edges tell.
    const rest = { into: name, branches: [] };
    const by = value.type === 'map' ? entryOf(value, 'by')?.value : undefined;
    if (!by) {
      merge.push({ name, rule: { type: plain(value) as MergeName }, ...rest });
      continue;
    }
    const placed = by.type === 'scalar' ? compilePlaced(by, report) : null;
    if (!placed) return null;
    merge.push({ name, rule: { type: 'by', by: placed.compiled.expression }, ...rest });
    expressions.push({ role: 'in', placed, local: ['values'] });
  }
  return { rule: { merge }, expressions };
}
