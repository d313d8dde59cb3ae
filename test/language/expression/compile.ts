import type { Expression, Scope } from '../../../src/core/expression.js';
import { ExpressionFailure } from '../../../src/core/expression.js';
import type { Json } from '../../../src/core/json.js';
import { compileExpression } from '../../../src/language/expression/compile/compile-expression.js';

/** The expression, or an error that fails the test with the fault's own words. */
export function compiled(text: string): Expression {
  const result = compileExpression(text);
  if (result.ok) return result.value.expression;
  throw new Error(`${result.error.message} (${result.error.start}–${result.error.end})`);
}

export const scopeOf = (values: Record<string, unknown>): Scope =>
  Object.assign(Object.create(null) as Record<string, Json>, JSON.parse(JSON.stringify(values)));

/** What a condition comes to: its answer, the code of its failure, or the message of its fault. */
export function outcomeOf(text: string, scope: Scope): boolean | string {
  const result = compileExpression(text);
  if (!result.ok) return result.error.message;
  try {
    return result.value.expression.test(scope);
  } catch (error) {
    return error instanceof ExpressionFailure ? error.code : `thrown: ${String(error)}`;
  }
}
