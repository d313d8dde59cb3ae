import type { Expression } from '../../../expression.js';
import type { Draft } from '../draft.js';
import type { Carried } from '../facts.js';
import { isProblem, type Problem } from '../problem.js';

/** Writes variables in file order; a later one sees the earlier ones. */
export function assign(
  draft: Draft,
  values: ReadonlyMap<string, Expression>,
  carried: Carried | null,
): Problem | undefined {
  for (const [name, expression] of values) {
    const value = draft.evaluate(carried, (scope) => expression.value(scope));
    if (isProblem(value)) return value;
    const tooLarge = draft.measure(`vars.${name}`, value);
    if (tooLarge) return tooLarge;
    draft.write(name, value);
  }
  return undefined;
}
