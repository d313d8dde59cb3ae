import type { Expression } from '../../core/expression.js';
import type { Json, JsonObject } from '../../core/json.js';
import { SECRET_ROOT } from '../../core/safe/secret-use.js';
import { compileExpression } from '../../language/expression/compile/compile-expression.js';
import { block, isObject, member, type NameOf, typeOfSchema, union } from './schema-type.js';

export interface TypedName {
  readonly schema: JsonObject;
  /** It may be null as a whole: what has failed reads so. */
  readonly mayMiss: boolean;
}

/** What the scope of a flow is known to hold. */
export interface KnownScope {
  readonly input: JsonObject | null;
  /** What a play configures. */
  readonly play: JsonObject | null;
  readonly vars: ReadonlyMap<string, string>;
  /** Schemas of other names: of all variables as one, where the flow declares them, and of what tasks return. */
  readonly typed?: ReadonlyMap<string, TypedName>;
  /** A node has that name, so it means no secrets. */
  readonly hasSecretNode?: boolean;
  readonly nameOf: NameOf;
}

const RESULTS: Readonly<Record<string, string>> = { boolean: 'boolean', number: 'number', text: 'string' };

/** The type of a value under `in`, `out`, `set` or `output`: a path into the input has that of its schema. */
export function typeOfValue({ text }: Expression, scope: KnownScope): string {
  return typeOfText(text, scope);
}

function typeOfText(text: string, scope: KnownScope): string {
  const compiled = compileExpression(text);
  if (!compiled.ok) return typeOfParts(text, scope);
  const { paths, result } = compiled.value;
  const [only, ...others] = paths;
  const isPath = only && others.length === 0 && only.path.join('.') === text.trim();
  if (isPath) return typeOfPath(only.path, scope);
  return RESULTS[result] ?? 'unknown';
}

/** Lists and maps are kept as JSON, with expressions for texts. */
function typeOfParts(text: string, scope: KnownScope): string {
  try {
    return typeOfPart(JSON.parse(text) as Json, scope);
  } catch {
    return 'unknown';
  }
}

function typeOfPart(part: Json, scope: KnownScope): string {
  if (typeof part === 'string') return typeOfText(part, scope);
  if (Array.isArray(part)) return `Array<${union(part.map((one) => typeOfPart(one, scope)))}>`;
  if (!isObject(part)) return typeOfLiteral(part);
  return block(Object.entries(part).map(([name, one]) => member(name, typeOfPart(one, scope))));
}

/** Literals under `with`: what they are, not which. */
export function typeOfLiteral(value: Json): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return `Array<${union(value.map(typeOfLiteral))}>`;
  if (isObject(value)) return block(Object.entries(value).map(([name, one]) => member(name, typeOfLiteral(one))));
  return typeof value;
}

function typeOfPath([root = '', ...names]: readonly string[], scope: KnownScope): string {
  const { input, play, vars, typed, nameOf } = scope;
  if (root === '_result') return 'boolean';
  if (root === SECRET_ROOT && !scope.hasSecretNode) return 'string';
  const known = typed?.get(root);
  if (known) return typeOfMember(names, known.schema, () => null, known.mayMiss);
  // What is missing reads as null.
  if (root === 'vars' && names.length === 1) return union([vars.get(names[0] as string) ?? 'unknown', 'null']);
  if (root === 'input' && input) return typeOfMember(names, input, nameOf);
  // References in it have no types of their own.
  if (root === 'play' && play) return typeOfMember(names, play, () => null);
  return 'unknown';
}

/** The type of what lies so deep in what a schema describes. */
function typeOfMember(names: readonly string[], schema: JsonObject, nameOf: NameOf, isLoose = false): string {
  let at: Json | undefined = schema;
  let mayMiss = isLoose;
  for (const name of names) {
    const resolved = resolve(at, schema);
    const properties: unknown = resolved?.['properties'];
    if (!resolved || !isObject(properties) || properties[name] === undefined) return 'unknown';
    const required = resolved['required'];
    mayMiss ||= !(Array.isArray(required) && required.includes(name));
    at = properties[name];
  }
  const type = typeOfSchema(at, nameOf);
  return mayMiss ? union([type, 'null']) : type;
}

/** Follows references inside the schema, a few at most: a circle of them has no type. */
function resolve(schema: Json | undefined, root: JsonObject): JsonObject | null {
  let at: unknown = schema;
  for (let steps = 0; steps < 8 && isObject(at); steps++) {
    const reference: unknown = at['$ref'];
    if (typeof reference !== 'string') return at;
    at = reference
      .split('/')
      .slice(1)
      .reduce<unknown>((found, name) => (isObject(found) ? found[name] : undefined), root);
  }
  return null;
}
