import type { Expression } from '../../../../core/expression.js';
import { compileValue } from '../../../expression/compile/compile-values.js';
import type { Report } from '../../../report/report.js';
import { entryOf, type Tree } from '../../../yaml/tree.js';
import type { NodeExpression } from '../../draft.js';

export interface BuiltFallback {
  readonly rule: { readonly fallback?: ReadonlyMap<string, Expression> };
  readonly expressions: readonly NodeExpression[];
}

/** What stands under `fallback` of a circuit, if anything does. `null` when an expression in it is faulty. */
export function buildFallback(circuit: Tree, report: Report): BuiltFallback | null {
  const written = entryOf(circuit, 'fallback')?.value;
  if (written?.type !== 'map') return { rule: {}, expressions: [] };
  const expressions: NodeExpression[] = [];
  const fallback = new Map<string, Expression>();
  let faulty = false;
  for (const { key, value } of written.entries) {
    const compiled = compileValue(value, report);
    if (!compiled) {
      faulty = true;
      continue;
    }
    for (const placed of compiled.parts) expressions.push({ role: 'fallback', placed });
    fallback.set(key, compiled.expression);
  }
  return faulty ? null : { rule: { fallback }, expressions };
}
