import type { MergeType } from '../../../../core/definition/control/merge.js';
import type { Json, JsonObject } from '../../../../core/json.js';

export type Types = ReadonlySet<MergeType>;

const NAMES: Readonly<Record<string, MergeType>> = {
  string: 'text',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  array: 'list',
  object: 'map',
  null: 'null',
};
/** References that lead on to references: a circle of them has no type. */
const MOST_STEPS = 8;

/** The types that a schema allows; `null`: it does not say. */
export function typesOfSchema(schema: Json | undefined, root: JsonObject): Types | null {
  const at = resolved(schema, root);
  if (at === null) return null;
  if (at['const'] !== undefined) return new Set([typeOfJson(at['const'])]);
  if (Array.isArray(at['enum'])) return new Set((at['enum'] as readonly Json[]).map(typeOfJson));
  const { type } = at;
  const written = typeof type === 'string' ? [type] : Array.isArray(type) ? type.map(String) : null;
  if (written) return new Set(written.flatMap((one) => NAMES[one] ?? []));
  for (const key of ['anyOf', 'oneOf']) {
    const choices = at[key];
    if (!Array.isArray(choices)) continue;
    const all = (choices as readonly Json[]).map((one) => typesOfSchema(one, root));
    return all.includes(null) ? null : new Set(all.flatMap((types) => [...(types ?? [])]));
  }
  return null;
}

/** The schema of a member, and that of its members in turn; `undefined`: the schema does not say. */
export function schemaAt(schema: JsonObject, members: readonly string[]): Json | undefined {
  let at: Json | undefined = schema;
  for (const member of members) {
    const properties: Json | undefined = resolved(at, schema)?.['properties'];
    if (!isObject(properties) || !Object.hasOwn(properties, member)) return undefined;
    at = properties[member];
  }
  return at;
}

/** What references inside a schema lead to, for a part of it that is looked at alone. */
export const sharedOf = (schema: JsonObject): JsonObject =>
  Object.fromEntries(Object.entries(schema).filter(([key]) => key === '$defs' || key === 'definitions'));

/** Follows references inside the schema. */
function resolved(schema: Json | undefined, root: JsonObject): JsonObject | null {
  let at: Json | undefined = schema;
  for (let steps = 0; steps < MOST_STEPS && isObject(at); steps++) {
    const reference: Json | undefined = at['$ref'];
    if (typeof reference !== 'string') return at;
    const names = reference.split('/').slice(1);
    at = names.reduce<Json | undefined>((found, name) => (isObject(found) ? found[name] : undefined), root);
  }
  return null;
}

function typeOfJson(value: Json): MergeType {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'object') return 'map';
  return typeof value === 'string' ? 'text' : (typeof value as 'number' | 'boolean');
}

const WORDS: Readonly<Record<MergeType, string>> = {
  text: 'a text',
  number: 'a number',
  boolean: 'true or false',
  list: 'a list',
  map: 'a map',
  null: 'null',
};

export const shownTypes = (types: Types): string => [...types].map((type) => WORDS[type]).join(', or ');

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
