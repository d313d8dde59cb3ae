import type { CircuitRule } from '../../../../core/definition/work/bound.js';
import { compilePlaced } from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { entryOf, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';

interface Dimension {
  readonly rule: CircuitRule | null;
  readonly expressions: readonly NodeExpression[];
}

/** The name and the value of what stands under `by`. `null` when it is faulty; without `by` its rule is. */
export function dimensionOf(written: Tree, role: NodeExpression['role'], report: Report): Dimension | null {
  const by = written.type === 'map' ? entryOf(written, 'by')?.value : undefined;
  if (!by) return { rule: null, expressions: [] };
  const placed = by.type === 'scalar' ? compilePlaced(by, report) : null;
  if (!placed) return null;
  const { expression } = placed.compiled;
  const [only, ...others] = expression.reads;
  const isPath = others.length === 0 && only?.join('.') === expression.text.trim();
  const name = (isPath && only?.at(-1)) || expression.text.trim();
  return { rule: { name, by: expression }, expressions: [{ role, placed }] };
}
