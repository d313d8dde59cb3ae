import type { MergeType } from '../../../core/definition/control/merge.js';
import { type Expression, ExpressionFailure, type Scope } from '../../../core/expression.js';
import type { Json } from '../../../core/json.js';
import { SECRET_NAME, SECRET_ROOT, type SecretUse } from '../../../core/safe/secret-use.js';
import type { Report, Span } from '../../report/report.js';
import { plain, type ScalarTree, type Tree, within } from '../../yaml/tree.js';
import { readingPlay } from '../plays/reading-play.js';
import { type CompiledExpression, compileExpression } from './compile-expression.js';

/** A compiled text together with the scalar that holds it: places in one become places in the file. */
export interface PlacedExpression {
  readonly compiled: CompiledExpression;
  readonly scalar: ScalarTree;
  /** Where the expression begins in the scalar's text. */
  readonly offset: number;
}

/** Compiles a scalar's text; a fault is reported at its place in the file, column and all. */
export function compilePlaced(
  scalar: ScalarTree,
  report: Report,
  text = String(scalar.value),
  offset = 0,
): PlacedExpression | null {
  const result = compileExpression(text);
  if (result.ok) return { compiled: report.play ? readingPlay(result.value) : result.value, scalar, offset };
  const { message, hint, start, end } = result.error;
  const inner = scalar.textStart === null ? ` (At ${innerPlace(text, start)} of the expression.)` : '';
  report.add('BAD_EXPRESSION', within(scalar, offset + start, offset + end), message + inner, hint);
  return null;
}

/** Whether what was compiled can be a condition; if it cannot, that is reported where it stands. */
export function isCondition(
  { compiled: { result } }: PlacedExpression,
  at: Span,
  report: Report,
  hint = 'Compare it: `… == …`.',
): boolean {
  if (result === 'boolean' || result === 'unknown') return true;
  const message = `Expected a condition that is true or false, but it gives a ${result}.`;
  report.add('CONDITION_NOT_BOOLEAN', at, message, hint);
  return false;
}

function innerPlace(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n');
  return `${lines.length}:${(lines.at(-1)?.length ?? 0) + 1}`;
}

/** Gathers the secrets that a value names, by their places in it. Without it a secret is a name like any other, and unknown. */
export interface SecretTaker {
  readonly path: SecretUse['path'];
  readonly uses: SecretUse[];
}

export interface CompiledValue {
  readonly expression: Expression;
  readonly parts: readonly PlacedExpression[];
}

/** A text is an expression, anything else a literal, and a list or map is built of its parts. */
export function compileValue(tree: Tree, report: Report, secrets?: SecretTaker): CompiledValue | null {
  if (tree.type === 'scalar' && typeof tree.value === 'string') {
    const placed = compilePlaced(tree, report);
    const name = placed && secrets ? secretNamed(placed) : null;
    if (secrets && name !== null) {
      secrets.uses.push({ name, path: secrets.path });
      return { expression: composed(tree.value, null, [], () => null), parts: [] };
    }
    return placed && { expression: placed.compiled.expression, parts: [placed] };
  }
  if (tree.type === 'scalar') return { expression: literal(tree.value), parts: [] };
  const keys = tree.type === 'map' ? tree.entries.map(({ key }) => key) : null;
  const trees = tree.type === 'list' ? tree.items : tree.entries.map(({ value }) => value);
  const built = trees.map((part, at) => {
    const inside = secrets && { uses: secrets.uses, path: [...secrets.path, keys?.[at] ?? at] };
    return compileValue(part, report, inside);
  });
  if (built.some((part) => part === null)) return null;
  const values = built as CompiledValue[];
  const parts = values.flatMap((value) => value.parts);
  const expressions = values.map((value) => value.expression);
  return { expression: composed(JSON.stringify(plain(tree)), keys, expressions), parts };
}

/** The name in an expression that is `secret.NAME` and nothing else. */
export function secretNamed({ compiled: { paths, expression } }: PlacedExpression): string | null {
  const [only, ...others] = paths;
  const [root, name, ...more] = only?.path ?? [];
  if (others.length > 0 || more.length > 0 || root !== SECRET_ROOT || name === undefined) return null;
  return SECRET_NAME.test(name) && expression.text.trim() === `${SECRET_ROOT}.${name}` ? name : null;
}

/** What can be told of a value without a scope. */
export interface Given {
  readonly type: MergeType | 'unknown';
  /** It is this of the scope, and nothing else. */
  readonly path?: readonly string[];
  /** It is always this. */
  readonly constant?: Json;
}

export function givenBy(tree: Tree, compiled: CompiledValue): Given {
  const type = typeOfValue(tree, compiled);
  const { expression, parts } = compiled;
  const paths = parts.flatMap((part) => part.compiled.paths);
  if (paths.length === 0) return constantOf(expression, type);
  const [only] = paths;
  const isPath = tree.type === 'scalar' && paths.length === 1 && only?.path.join('.') === expression.text.trim();
  return isPath && only ? { type, path: only.path } : { type };
}

function constantOf(expression: Expression, type: Given['type']): Given {
  try {
    return { type, constant: expression.value(Object.create(null) as Scope) };
  } catch {
    return { type };
  }
}

/** Of what type a value is, where that is known without a scope. */
function typeOfValue(tree: Tree, { parts }: CompiledValue): MergeType | 'unknown' {
  if (tree.type !== 'scalar') return tree.type;
  if (typeof tree.value === 'string') return parts[0]?.compiled.result ?? 'unknown';
  return tree.value === null ? 'null' : (typeof tree.value as 'number' | 'boolean');
}

function literal(value: Json): Expression {
  return composed(JSON.stringify(value), null, [], () => value);
}

function composed(
  text: string,
  keys: readonly string[] | null,
  parts: readonly Expression[],
  value: (scope: Scope) => Json = (scope) => {
    const values = parts.map((part) => part.value(scope));
    return keys ? Object.fromEntries(keys.map((key, index) => [key, values[index] as Json])) : values;
  },
): Expression {
  const test = (): never => {
    throw new ExpressionFailure('EXPRESSION_NOT_BOOLEAN', 'Expected a condition, but it is a fixed value.', text);
  };
  return { text, reads: parts.flatMap((part) => part.reads), value, test };
}
