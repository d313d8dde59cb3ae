import type { Json } from '../api/wire.js';

/** Deeper schemas are cut: an example is a beginning, not a form. */
const DEPTH = 6;

/**
 * A value in the shape of a JSON Schema, for somebody to overwrite: examples, defaults, constants and first choices
 * where the schema has them, else an empty value of the right type.
 */
export function exampleOf(schema: Json | undefined, depth = 0): Json {
  const rule = object(schema);
  if (!rule || depth > DEPTH) return depth === 0 ? {} : null;
  const examples = rule['examples'];
  if (Array.isArray(examples) && examples.length > 0) return examples[0] as Json;
  for (const word of ['example', 'const', 'default']) if (word in rule) return rule[word] as Json;
  const choices = rule['enum'];
  if (Array.isArray(choices) && choices.length > 0) return choices[0] as Json;
  const type = Array.isArray(rule['type']) ? rule['type'][0] : rule['type'];
  if (type === 'string') return '';
  if (type === 'number' || type === 'integer') return number(rule['minimum']) ?? 0;
  if (type === 'boolean') return false;
  if (type === 'array') return rule['items'] === undefined ? [] : [exampleOf(rule['items'] as Json, depth + 1)];
  const properties = object(rule['properties'] as Json | undefined);
  if (type !== undefined && type !== 'object') return null;
  if (!properties) return depth === 0 || type === 'object' ? {} : null;
  return Object.fromEntries(Object.entries(properties).map(([name, inner]) => [name, exampleOf(inner, depth + 1)]));
}

const object = (value: Json | undefined): { readonly [key: string]: Json } | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as { readonly [key: string]: Json })
    : null;

const number = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);
