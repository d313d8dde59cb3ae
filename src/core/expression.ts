import type { Json } from './json.js';

/**
 * The names an expression can read: `input`, `vars`, `result`, `_result`, and every finished node's output under
 * the node's id. The object has no prototype, so that no inherited name is ever readable.
 */
export type Scope = Readonly<Record<string, Json>>;

/** Why an expression gave no answer. Each is an incident on the node, never "edge not taken". */
export type ExpressionCode =
  | 'EXPRESSION_NOT_BOOLEAN'
  | 'EXPRESSION_UNKNOWN_NAME'
  | 'EXPRESSION_TYPES'
  | 'EXPRESSION_FAILED';

/** Thrown by {@link Expression.test} and {@link Expression.value}; `advance` turns it into an incident. */
export class ExpressionFailure extends Error {
  override readonly name = 'ExpressionFailure';
  constructor(
    readonly code: ExpressionCode,
    message: string,
    readonly text: string,
  ) {
    super(message);
  }
}

/** A condition or value, compiled once per published version. The core knows this type and no grammar. */
export interface Expression {
  /** As the author wrote it. */
  readonly text: string;
  /** The paths it reads, shortest first segment is a scope name: `credit.score >= 620` reads `[['credit','score']]`. */
  readonly reads: readonly (readonly string[])[];
  /** @throws {ExpressionFailure} when the answer is not a boolean, or there is none. */
  test(scope: Scope): boolean;
  /** @throws {ExpressionFailure} when there is no answer. A missing member is `null`. */
  value(scope: Scope): Json;
}
