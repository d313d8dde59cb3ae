import { Problem } from '../api/client.js';
import type { Json } from '../api/wire.js';

/** One thing that a form asks for. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint: string | null;
  readonly kind: 'text' | 'long' | 'number' | 'yes-no' | 'choice';
  readonly required: boolean;
  /** Of a choice: what can be chosen, as it is sent. */
  readonly options: readonly (string | number)[];
}

/** What stands in the fields: texts as typed, and the answers to yes or no. Empty: nothing. */
export type Typed = Readonly<Record<string, string>>;

type Schema = Readonly<Record<string, unknown>>;
const isSchema = (value: unknown): value is Schema =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What tells a person more than fields could: such a form is filled in as JSON. */
const BEYOND = ['$ref', 'oneOf', 'anyOf', 'allOf', 'if', 'patternProperties', 'not'];

/** A field for each property of a JSON Schema, in its order; `null` when it asks for more than fields can say. */
export function fieldsOf(form: unknown): readonly Field[] | null {
  if (!isSchema(form) || BEYOND.some((key) => key in form)) return null;
  const { properties, required } = form;
  if (!isSchema(properties) || Object.keys(properties).length === 0) return null;
  const names = Array.isArray(required) ? required : [];
  if (names.some((name) => !Object.hasOwn(properties, String(name)))) return null;
  const fields = Object.entries(properties).map(([name, schema]) => fieldOf(name, schema, names.includes(name)));
  return fields.every((field) => field !== null) ? fields : null;
}

function fieldOf(name: string, schema: unknown, required: boolean): Field | null {
  if (!isSchema(schema) || BEYOND.some((key) => key in schema)) return null;
  const text = (key: string): string | null => (typeof schema[key] === 'string' ? schema[key] : null);
  const about = { name, label: text('title') ?? name, hint: text('description'), required, options: [] };
  const { type } = schema;
  if (Array.isArray(schema['enum'])) {
    const options = schema['enum'].filter((one) => typeof one === 'string' || typeof one === 'number');
    return options.length === schema['enum'].length ? { ...about, kind: 'choice', options } : null;
  }
  if (type === 'boolean') return { ...about, kind: 'yes-no' };
  if (type === 'number' || type === 'integer') return { ...about, kind: 'number' };
  if (type !== 'string') return null;
  const isLong = Number(schema['maxLength'] ?? 0) > 200 || /note|comment|reason|text/i.test(name);
  return { ...about, kind: isLong ? 'long' : 'text' };
}

/** What is still to be filled in. */
export const missingIn = (fields: readonly Field[], typed: Typed): readonly string[] =>
  fields.filter(({ name, required }) => required && (typed[name] ?? '') === '').map(({ name }) => name);

/** What is sent: fields that are empty are left out. */
export function outputOf(fields: readonly Field[], typed: Typed): Record<string, Json> {
  const filled = fields.filter(({ name }) => (typed[name] ?? '') !== '');
  return Object.fromEntries(filled.map((field) => [field.name, sentOf(field, typed[field.name] ?? '')]));
}

function sentOf({ kind, options }: Field, text: string): Json {
  if (kind === 'yes-no') return text === 'yes';
  if (kind === 'choice') return options.find((one) => String(one) === text) ?? text;
  if (kind !== 'number') return text;
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

/** What was typed as JSON; `null` when it is none. */
export function parsed(text: string): Json | null {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return null;
  }
}

/**
 * What the server says of fields, by the field's name.
 * @param named finds the name of a field in a pointer, as its first group.
 */
export function faultsOf(error: Error | null, named: RegExp): Readonly<Record<string, string>> {
  const told = error instanceof Problem ? error.body['violations'] : null;
  if (!Array.isArray(told)) return {};
  const faults = told.map(({ pointer, message }: { pointer: string; message: string }): [string, string] => [
    named.exec(pointer)?.[1] ?? '',
    message,
  ]);
  return Object.fromEntries(faults.filter(([name]) => name !== ''));
}
