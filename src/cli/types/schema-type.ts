import type { Json, JsonObject } from '../../core/json.js';

const SCALARS: Readonly<Record<string, string>> = {
  string: 'string',
  number: 'number',
  integer: 'number',
  boolean: 'boolean',
  null: 'null',
};

/** Names a definition of the schema itself: `#/$defs/address`; `null` when it names none. */
export type NameOf = (reference: string) => string | null;

/**
 * JSON Schema as a TypeScript type, in one expression. What TypeScript cannot say (bounds, patterns, formats) is left
 * out; what is not understood is `unknown`, so that a type never promises more than the schema does.
 */
export function typeOfSchema(schema: Json | undefined, nameOf: NameOf = () => null): string {
  if (schema === false) return 'never';
  if (!isObject(schema)) return 'unknown';
  if (typeof schema['$ref'] === 'string') return nameOf(schema['$ref']) ?? 'unknown';
  if (schema['const'] !== undefined) return literal(schema['const']);
  if (Array.isArray(schema['enum'])) return union(schema['enum'].map(literal));
  const parts = [ownType(schema, nameOf)];
  for (const key of ['anyOf', 'oneOf']) {
    const choices = schema[key];
    if (Array.isArray(choices)) parts.push(union(choices.map((one) => typeOfSchema(one, nameOf))));
  }
  const all = schema['allOf'];
  if (Array.isArray(all)) parts.push(...all.map((one) => typeOfSchema(one, nameOf)));
  return both(parts);
}

function ownType(schema: JsonObject, nameOf: NameOf): string {
  const { type } = schema;
  const types = Array.isArray(type) ? type.map(String) : typeof type === 'string' ? [type] : impliedTypes(schema);
  return union(types.map((one) => SCALARS[one] ?? (one === 'array' ? list(schema, nameOf) : map(schema, nameOf))));
}

/** Schemas that say `properties` mean an object, although the letter of JSON Schema is laxer. */
const impliedTypes = (schema: JsonObject): string[] =>
  isObject(schema['properties']) ? ['object'] : schema['items'] !== undefined ? ['array'] : [];

function list(schema: JsonObject, nameOf: NameOf): string {
  const items = typeOfSchema(schema['items'], nameOf);
  const first = schema['prefixItems'];
  if (!Array.isArray(first)) return `Array<${items}>`;
  const rest = schema['items'] === false ? [] : [`...Array<${items}>`];
  return `[${[...first.map((one) => `(${typeOfSchema(one, nameOf)})?`), ...rest].join(', ')}]`;
}

function map(schema: JsonObject, nameOf: NameOf): string {
  const { properties, required, additionalProperties: more } = schema;
  const named = isObject(properties) ? Object.entries(properties) : [];
  if (named.length === 0) return `Record<string, ${more === undefined ? 'unknown' : typeOfSchema(more, nameOf)}>`;
  const needed = new Set(Array.isArray(required) ? required : []);
  const members = named.map(([name, one]) => member(name, typeOfSchema(one, nameOf), needed.has(name), docOf(one)));
  // An index signature must take in what the named members are.
  if (more !== undefined && more !== false) members.push('[more: string]: unknown');
  return block(members);
}

/** One member of an object type. */
export const member = (name: string, type: string, isRequired = true, doc: string | null = null): string =>
  `${doc === null ? '' : `/** ${doc} */\n`}${keyOf(name)}${isRequired ? '' : '?'}: ${type}`;

export const block = (members: readonly string[]): string =>
  members.length === 0 ? 'Record<string, never>' : `{\n${members.map((one) => `${indented(one)};\n`).join('')}}`;

export const union = (types: readonly string[]): string => joined(types, ' | ', 'unknown', 'unknown', 'never');
const both = (types: readonly string[]): string => joined(types, ' & ', 'never', 'unknown', 'unknown');

/** `wins` beats all others, `empty` says nothing, and `none` is what is left without any. */
function joined(types: readonly string[], sign: string, wins: string, none: string, empty: string): string {
  const kept = [...new Set(types)].filter((type) => type !== empty);
  if (kept.includes(wins)) return wins;
  if (kept.length <= 1) return kept[0] ?? (types.length > 0 ? empty : none);
  return kept.map((type) => (/^[\w"'.-]+$|^\{[^|&]*\}$/.test(type) ? type : `(${type})`)).join(sign);
}

const literal = (value: Json): string =>
  value === null || typeof value !== 'object' ? JSON.stringify(value) : 'unknown';

export function docOf(schema: Json | undefined): string | null {
  const text = isObject(schema) ? (schema['description'] ?? schema['title']) : undefined;
  return typeof text === 'string' ? plainDoc(text) : null;
}

/** A comment that nothing in a text can end. */
export const plainDoc = (text: string): string => text.replaceAll('*/', '* /').replace(/\s+/g, ' ').trim();

const keyOf = (name: string): string => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name));
const indented = (text: string): string => text.replace(/^/gm, '  ');

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
