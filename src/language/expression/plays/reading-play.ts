import { PLAY_MEMBER } from '../../../core/definition/starting/play.js';
import type { Expression, Scope } from '../../../core/expression.js';
import type { Json, JsonObject } from '../../../core/json.js';
import type { CompiledExpression } from '../compile/compile-expression.js';

/**
 * An expression that reads `play`, made one that reads the input: that is where an instance keeps what it was started with, so that
 * nothing else need know of it. Others stay as they are.
 */
export function readingPlay(compiled: CompiledExpression): CompiledExpression {
  if (!compiled.paths.some(({ path }) => path[0] === 'play')) return compiled;
  const { text, reads } = compiled.expression;
  const expression: Expression = {
    text,
    reads: reads.map((path) => (path[0] === 'play' ? ['input', PLAY_MEMBER, 'params', ...path.slice(1)] : path)),
    test: (scope) => compiled.expression.test(withPlay(scope)),
    value: (scope) => compiled.expression.value(withPlay(scope)),
  };
  return { ...compiled, expression };
}

function withPlay(scope: Scope): Scope {
  const pinned = isObject(scope['input']) ? scope['input'][PLAY_MEMBER] : undefined;
  const play = isObject(pinned) ? pinned['params'] : undefined;
  return Object.assign(Object.create(null) as Record<string, Json>, scope, { play: play ?? {} });
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
