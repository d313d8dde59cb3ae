import { ExpressionFault } from './fault.js';
import { CONSTANT_NAMES, OPERATOR_NAMES } from './reserved-names.js';

export const MAX_EXPRESSION_LENGTH = 1_000;
const MAX_NESTING = 40;

export interface Lexeme {
  readonly kind: 'name' | 'word' | 'number' | 'text' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const SPACE = /[ \t\r\n]+/y;
const NUMBER = /0[xX][0-9a-fA-F]+|0b[01]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;
const NAME = /[\p{Lu}\p{Ll}\p{Lt}_$][\p{Lu}\p{Ll}\p{Lt}_0-9]*/uy;
const SIGN = /===|!==|&&|\|\||==|!=|<=|>=|[-+*/%<>()[\],.?:!=;]/y;
const WORDS: ReadonlySet<string> = new Set([...OPERATOR_NAMES, ...CONSTANT_NAMES]);

/** What authors bring along from other languages. */
const FOREIGN: ReadonlyMap<string, readonly [message: string, hint: string | null]> = new Map([
  ['&&', ['Expected an operator of this language, but "&&" is none.', 'Write "and".']],
  ['||', ['Expected an operator of this language, but "||" is none.', 'Write "or".']],
  ['!', ['Expected an operator of this language, but "!" is none.', 'Write "not".']],
  ['===', ['Expected an operator of this language, but "===" is none.', 'Write "==", it compares without conversion.']],
  ['!==', ['Expected an operator of this language, but "!==" is none.', 'Write "!=", it compares without conversion.']],
  ['=', ['Expected a comparison, but "=" would assign.', 'Write "==".']],
  [';', ['Expected one value, but ";" would start another.', null]],
]);

/**
 * The words and signs of an expression, with their places. The parser gives no places; and it takes `||` for a
 * concatenation and `!` for the factorial, which would send a flow down the wrong edge without a word.
 *
 * @throws {ExpressionFault} for what is too long, too deep, foreign or unreadable.
 */
export function lexExpression(text: string): Lexeme[] {
  if (text.length > MAX_EXPRESSION_LENGTH) {
    const message = `Expected an expression of at most ${MAX_EXPRESSION_LENGTH} characters, but it has ${text.length}.`;
    throw new ExpressionFault(message, 'Compute the value in a task, or in a `set` node before.', 0, text.length);
  }
  const lexemes: Lexeme[] = [];
  let at = 0;
  let depth = 0;
  while (at < text.length) {
    const skipped = skip(text, at);
    if (skipped > at) {
      at = skipped;
      continue;
    }
    const lexeme = next(text, at, lexemes.at(-1));
    if (lexeme.text === '(' || lexeme.text === '[') depth += 1;
    if (lexeme.text === ')' || lexeme.text === ']') depth -= 1;
    if (depth > MAX_NESTING) {
      const message = `Expected at most ${MAX_NESTING} nested brackets, but there are more.`;
      throw new ExpressionFault(message, null, lexeme.start, lexeme.end);
    }
    lexemes.push(lexeme);
    at = lexeme.end;
  }
  if (lexemes.length === 0) {
    throw new ExpressionFault('Expected an expression, but the text is empty.', null, 0, Math.max(text.length, 1));
  }
  return lexemes;
}

function skip(text: string, at: number): number {
  if (text.startsWith('/*', at)) {
    const close = text.indexOf('*/', at + 2);
    if (close >= 0) return close + 2;
    throw new ExpressionFault('Expected "*/" after "/*", but the comment never ends.', null, at, text.length);
  }
  return match(SPACE, text, at)?.end ?? at;
}

function next(text: string, at: number, before: Lexeme | undefined): Lexeme {
  const first = text[at];
  if (first === '"' || first === "'") return quoted(text, at, first);
  const isMember = before?.text === '.' && before.kind === 'sign';
  if (!(first === '.' && before !== undefined && before.kind !== 'sign')) {
    const number = match(NUMBER, text, at);
    if (number) return { kind: 'number', ...number };
  }
  const name = match(NAME, text, at);
  if (name && name.text !== '$') return { kind: WORDS.has(name.text) && !isMember ? 'word' : 'name', ...name };
  const sign = match(SIGN, text, at);
  if (!sign) throw unknown(text, at);
  const foreign = FOREIGN.get(sign.text);
  if (foreign) throw new ExpressionFault(...foreign, sign.start, sign.end);
  return { kind: 'sign', ...sign };
}

/** As the parser reads it: up to the next such quote that has no backslash before it. */
function quoted(text: string, start: number, quote: string): Lexeme {
  let close = text.indexOf(quote, start + 1);
  while (close >= 0 && text[close - 1] === '\\') close = text.indexOf(quote, close + 1);
  if (close < 0) {
    const message = `Expected a closing ${quote}, but the text that starts here never ends.`;
    throw new ExpressionFault(message, null, start, text.length);
  }
  return { kind: 'text', text: text.slice(start, close + 1), start, end: close + 1 };
}

function unknown(text: string, at: number): ExpressionFault {
  const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
  const code = `U+${(text.codePointAt(at) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const shown = /[\p{C}\p{Z}]/u.test(character) ? code : `"${character}" (${code})`;
  const hint = '&|'.includes(character) ? 'Write "and" or "or".' : null;
  const message = `Expected an operator, a name or a value, but found ${shown}.`;
  return new ExpressionFault(message, hint, at, at + character.length);
}

function match(pattern: RegExp, text: string, at: number): { text: string; start: number; end: number } | null {
  pattern.lastIndex = at;
  const found = pattern.exec(text);
  return found ? { text: found[0], start: at, end: at + found[0].length } : null;
}
