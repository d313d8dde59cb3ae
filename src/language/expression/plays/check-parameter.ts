import type { Json, JsonObject } from '../../../core/json.js';
import { didYouMean } from '../../report/nearest.js';
import type { ProblemCode } from '../../report/problem-codes.js';
import type { ReadPath } from '../compile/compile-expression.js';

/** What is wrong with one use of a parameter; the sentence is for whoever wrote the expression. */
export interface ParameterFault {
  readonly code: Extract<ProblemCode, 'UNKNOWN_PARAMETER' | 'PARAMETER_TYPE' | 'CONDITION_NOT_BOOLEAN'>;
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

/**
 * Compares what an expression does with `play.…` with what the schema says: a parameter that it does not have, a literal of another
 * type, a condition that is none. What the schema leaves open is not judged.
 */
export function checkParameter(
  schema: JsonObject,
  text: string,
  { path, start, end }: ReadPath,
  isCondition: boolean,
): ParameterFault | null {
  let at: Json | undefined = schema;
  let name = 'play';
  for (const member of path.slice(1)) {
    const properties: Json | undefined = isObject(at) ? at['properties'] : undefined;
    const type = typeOf(at);
    if (!isObject(properties)) {
      if (type === null || type === 'object' || type === 'array') return null;
      const message = `Expected no member of \`${name}\`, but \`${member}\` is read, and it is ${WORDS[type] ?? type}.`;
      return { code: 'PARAMETER_TYPE', message, hint: null };
    }
    if (!Object.hasOwn(properties, member)) {
      const message = `Expected a property of the \`play\` schema, but it has no \`${member}\`.`;
      return {
        code: 'UNKNOWN_PARAMETER',
        message,
        hint: didYouMean(member, Object.keys(properties)) ?? 'Add it to `properties`.',
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
    return { code: 'PARAMETER_TYPE', message, hint: null };
  }
  if (ORDERED.test(after) && (type === 'boolean' || type === 'array' || type === 'object')) {
    const message = `Expected what can be ordered, but \`${name}\` is ${WORDS[type] ?? type}.`;
    return { code: 'PARAMETER_TYPE', message, hint: null };
  }
  return null;
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
