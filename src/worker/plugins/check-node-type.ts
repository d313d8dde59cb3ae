import { SHAPES, type Shape } from '../../core/definition/custom-kind.js';
import type { Json, JsonObject } from '../../core/json.js';
import { parseDuration } from '../../language/structure/duration.js';
import { compileSchema } from '../../language/structure/kinds/task/custom/check-fields.js';
import { KIND_NAME } from '../../language/structure/kinds/task/custom/custom-kinds.js';
import {
  expressionFields,
  type KindTraits,
  type LoadedKind,
  writtenSchema,
} from '../../language/structure/kinds/task/custom/kind-facts.js';
import { isKind, isModifier } from '../../language/structure/node-kinds.js';
import { MEMBERS, TRAITS } from './members.js';
import type { NodeType, NodeTypeTraits } from './node-type.js';

/** A kind of node that can be used, and what does its work. */
export interface UsableType {
  readonly kind: LoadedKind;
  readonly type: NodeType;
}

const VERSION = /^(0|[1-9]\d{0,3})\.(0|[1-9]\d{0,5})\.(0|[1-9]\d{0,5})$/;
/** Longest attempt without a lease. */
const LONGEST_MS = 5 * 60_000;

/** What stands in the place of a value in a sentence. */
const shown = (value: unknown): string =>
  typeof value === 'string' ? `'${value.slice(0, 80)}'` : value === undefined ? 'missing' : `of type ${typeof value}`;

/** Why something cannot be a kind of node: all reasons at once, each "Expected X, but Y." */
export function checkNodeType(value: unknown): UsableType | { readonly faults: readonly string[] } {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { faults: [`Expected an object that describes a kind of node, but it is ${shown(value)}.`] };
  const faults: string[] = [];
  const type = value as NodeType;
  const expect = (isSo: boolean, wanted: string, found: string): boolean => {
    if (!isSo) faults.push(`Expected ${wanted}, but ${found}.`);
    return isSo;
  };
  for (const key of Object.keys(type))
    expect(MEMBERS.includes(key), `one of ${MEMBERS.join(', ')}`, `there is \`${key}\``);
  expectName(type.name, expect);
  const version = typeof type.version === 'string' && VERSION.test(type.version);
  expect(version, 'a `version` like 1.0.0', `it is ${shown(type.version)}`);
  const { description = null, shape = 'box', traits = {}, schema = {} } = type;
  const isLine = description === null || (typeof description === 'string' && description.length <= 500);
  expect(isLine, 'a `description` of at most 500 characters', 'it is none');
  expect(
    Object.hasOwn(SHAPES, shape),
    `\`shape\` to be one of ${Object.keys(SHAPES).join(', ')}`,
    `it is ${shown(shape)}`,
  );
  const kept = traitsOf(traits, expect);
  expectWork(type, kept, expect);
  const checked = schemaOf(schema, expect);
  if (faults.length > 0 || !checked) return { faults };
  const { name, validate, compensate } = type;
  const kind: LoadedKind = {
    name,
    version: type.version,
    docs: description,
    schema: checked,
    shape: shape as Shape,
    traits: kept,
    undoes: compensate !== undefined,
    ...(validate && { validate: (fields, about) => findings(validate.call(type, fields, about)) }),
  };
  return { kind, type };
}

type Expect = (isSo: boolean, wanted: string, found: string) => boolean;

function expectName(name: unknown, expect: Expect): void {
  const text = typeof name === 'string' ? name : '';
  if (isKind(text) || isModifier(text)) {
    expect(false, 'a `name` of its own', `'${text}' is a word of the language; put a name before it: acme.${text}`);
    return;
  }
  expect(
    KIND_NAME.test(text),
    'a `name` of two to four words of small letters, digits and "-", joined by dots',
    `it is ${shown(name)}`,
  );
}

function traitsOf(traits: NodeTypeTraits, expect: Expect): KindTraits {
  const { retryable = true, idempotent = true, pure = false, inline = false } = traits;
  const { remote = false, lease = false, timeout } = traits;
  const known = { retryable, idempotent, pure, inline, remote, lease };
  for (const key of Object.keys(traits))
    expect(TRAITS.includes(key), `\`traits\` of ${TRAITS.join(', ')}`, `there is \`${key}\``);
  for (const [key, value] of Object.entries(known))
    expect(typeof value === 'boolean', `\`traits.${key}\` to be true or false`, `it is ${shown(value)}`);
  expect(!inline || (!remote && !lease), 'no `traits.inline` beside `remote` or `lease`', 'it is true');
  const timeoutMs = timeout === undefined ? null : typeof timeout === 'string' ? (parseDuration(timeout) ?? 0) : 0;
  expect(timeoutMs !== 0, '`traits.timeout` to be a duration like 30s', `it is ${shown(timeout)}`);
  const isLong = (timeoutMs ?? 0) > LONGEST_MS && !lease && !remote;
  expect(!isLong, '`traits.timeout` of at most 5m', `it is ${shown(timeout)}; add \`lease: true\``);
  return { ...known, timeoutMs };
}

function expectWork(type: NodeType, { remote }: KindTraits, expect: Expect): void {
  for (const key of ['execute', 'compensate', 'validate'] as const) {
    const isFunction = type[key] === undefined || typeof type[key] === 'function';
    expect(isFunction, `\`${key}\` to be a function`, `it is ${shown(type[key])}`);
  }
  if (remote) expect(type.execute === undefined, 'no `execute` beside `traits.remote`', 'there is one');
  else expect(type.execute !== undefined, 'a function `execute`', 'there is none');
}

/** The schema as plain JSON; `null` when it is none. */
function schemaOf(schema: unknown, expect: Expect): JsonObject | null {
  try {
    const plain = JSON.parse(JSON.stringify(schema)) as JsonObject;
    const isObject = typeof plain === 'object' && plain !== null && !Array.isArray(plain);
    const isOfFields = isObject && (plain['type'] ?? 'object') === 'object';
    if (!expect(isOfFields, '`schema` to be a JSON Schema of an object', 'it is of something else')) return null;
    compileSchema(plain);
    compileSchema(writtenSchema({ schema: plain }));
    const taken = expressionFields({ schema: plain }).includes('result');
    expect(!taken, 'another name than `result` for a field that is an expression', 'it is what compensate gets');
    const own = Object.keys((plain['properties'] ?? {}) as JsonObject).find((name) => name.startsWith('$'));
    expect(own === undefined, 'fields whose names begin with a letter', `there is \`${own}\``);
    return plain;
  } catch (fault) {
    expect(false, '`schema` to be a JSON Schema', `${fault instanceof Error ? fault.message : String(fault)}`);
    return null;
  }
}

/** What a check of a plugin gave, as far as it has the form of findings. */
function findings(given: unknown): ReturnType<NonNullable<LoadedKind['validate']>> {
  if (given === undefined || given === null) return [];
  if (!Array.isArray(given)) throw new TypeError('it gave no list');
  return given.map((one: Json) => {
    const { path = '', message, hint } = Object(one) as { path?: unknown; message?: unknown; hint?: unknown };
    const text =
      typeof message === 'string' && message !== '' ? message : 'Expected another value, but no reason was given.';
    return { path: String(path), message: text, ...(typeof hint === 'string' && { hint }) };
  });
}
