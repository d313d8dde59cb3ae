import type { Json, JsonObject } from '../../../core/json.js';
import { didYouMean } from '../../report/nearest.js';
import type { ProblemCode } from '../../report/problem-codes.js';
import type { ReadPath } from '../compile/compile-expression.js';

/** What is wrong with one use of a parameter; the sentence is for whoever wrote the expression. */
export interface ParameterFault {
  readonly code: ProblemCode;
  readonly message: string;
  readonly hint: string | null;
}

const WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map',
};
const LITERAL = String.raw`("[^"]*"|'[^']*'|-?\d[\d.]*|true\b|false\b)`;
const AFTER = new RegExp(String.raw`^\s*(?:==|!=|<=|>=|<|>)\s*${LITERAL}`);
const BEFORE = new RegExp(String.raw`${LITERAL}\s*(?:==|!=|<=|>=|<|>)\s*$`);
const ORDERED = /^\s*(?:<=|>=|<|>)/;

/** How what is wrong with the use of a typed value is told. */
export interface Told {
  /** Whose schema it is: "the `play` schema". */
  readonly of: string;
  readonly unknown: ProblemCode;
  readonly type: ProblemCode;
  /** What to do about a member that it does not have. */
  readonly hint: string;
}

const ADD = 'Add it to `properties`.';
const PLAY: Told = { of: 'the `play` schema', unknown: 'UNKNOWN_PARAMETER', type: 'PARAMETER_TYPE', hint: ADD };

/**
 * Compares what an expression does with `play.…`, or another typed value, with what the schema says: a member that it does not have, a literal of another
 * type, a condition that is none. What the schema leaves open is not judged.
 */
export function checkParameter(
  schema: JsonObject,
  text: string,
  { path, start, end }: ReadPath,
  isCondition: boolean,
  told: Told = PLAY,
): ParameterFault | null {
  let at: Json | undefined = schema;
  let name = path[0] ?? '';
  for (const member of path.slice(1)) {
    const properties: Json | undefined = isObject(at) ? at['properties'] : undefined;
    const type = typeOf(at);
    if (!isObject(properties)) {
      if (type === null || type === 'object' || type === 'array') return null;
      const message = `Expected no member of \`${name}\`, but \`${member}\` is read, and it is ${WORDS[type] ?? type}.`;
      return { code: told.type, message, hint: null };
    }
    if (!Object.hasOwn(properties, member) && takesMore(at)) return null;
    if (!Object.hasOwn(properties, member)) {
      const message = `Expected a property of ${told.of}, but it has no \`${member}\`.`;
      return {
        code: told.unknown,
        message,
        hint: didYouMean(member, Object.keys(properties)) ?? told.hint,
      };
    }
    at = properties[member];
    name += `.${member}`;
  }
  const type = typeOf(at);
  if (type === null) return null;
  if (isCondition && type !== 'boolean' && text.trim() === path.join('.')) {
    const message = `Expected a condition that is true or false, but \`${name}\` is ${WORDS[type] ?? type}.`;
    return { code: 'CONDITION_NOT_BOOLEAN', message, hint: 'Compare it: `… == …`.' };
  }
  const [after, before] = [text.slice(end), text.slice(0, start)];
  const literal = AFTER.exec(after)?.[1] ?? BEFORE.exec(before)?.[1];
  const other = literal === undefined ? null : kindOf(literal);
  if (other !== null && other !== type) {
    const message = `Expected \`${name}\` to be compared with ${WORDS[type] ?? type}, but it is compared with ${literal}.`;
    return { code: told.type, message, hint: null };
  }
  if (ORDERED.test(after) && (type === 'boolean' || type === 'array' || type === 'object')) {
    const message = `Expected what can be ordered, but \`${name}\` is ${WORDS[type] ?? type}.`;
    return { code: told.type, message, hint: null };
  }
  return null;
}

/** It says itself that there may be members which it does not name. */
function takesMore(schema: Json | undefined): boolean {
  const more = isObject(schema) ? schema['additionalProperties'] : undefined;
  return more === true || isObject(more);
}

const kindOf = (literal: string): string =>
  /^["']/.test(literal) ? 'string' : /^(?:true|false)$/.test(literal) ? 'boolean' : 'number';

/** The one type that a schema allows; `null`: it says none, or several. */
function typeOf(schema: Json | undefined): string | null {
  const type = isObject(schema) ? schema['type'] : undefined;
  if (type === 'integer') return 'number';
  return typeof type === 'string' && type in WORDS ? type : null;
}

const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
