import { ExpressionFault } from './fault.js';
import type { Lexeme } from './lex-expression.js';
import { parseText } from './parser.js';

/**
 * The place where an expression stops being one. The parser tells it seldom, so growing beginnings are parsed again:
 * the first that nothing can complete ends with the culprit. Runs for faulty expressions only.
 */
export function locateFault(text: string, lexemes: readonly Lexeme[]): ExpressionFault {
  const open: string[] = [];
  for (const lexeme of lexemes) {
    follow(open, lexeme);
    if (canContinue(text.slice(0, lexeme.end), open)) continue;
    const message = `Expected ${expectation(lexemes, lexeme)}, but found ${shown(lexeme)}.`;
    return new ExpressionFault(message, hintFor(lexemes, lexeme), lexeme.start, lexeme.end);
  }
  const end = lexemes.at(-1)?.end ?? 0;
  const missing = open.at(-1);
  const message = missing
    ? `Expected ${JSON.stringify(missing.trim().slice(0, 1))}, but the expression ends too early.`
    : 'Expected a value, but the expression ends too early.';
  return new ExpressionFault(message, null, end, end + 1);
}

function follow(open: string[], { kind, text }: Lexeme): void {
  if (kind !== 'sign') return;
  if (text === '(') open.push(')');
  else if (text === '[') open.push(']');
  else if (text === '?') open.push(' : 0');
  else if (open.at(-1)?.trim().startsWith(text)) open.pop();
}

function canContinue(beginning: string, open: readonly string[]): boolean {
  const closing = [...open].reverse().join('');
  return ['', ' 0', ' x'].some((filler) => {
    try {
      parseText(beginning + filler + closing);
      return true;
    } catch {
      return false;
    }
  });
}

function expectation(lexemes: readonly Lexeme[], culprit: Lexeme): string {
  const before = lexemes[lexemes.indexOf(culprit) - 1];
  if (before === undefined) return 'a value';
  if (before.text === '.' && before.kind === 'sign') return 'a name after "."';
  const endsValue =
    before.kind !== 'sign' ? before.kind !== 'word' || before.text === 'null' : ')]'.includes(before.text);
  return endsValue ? 'an operator or the end' : 'a value';
}

function hintFor(lexemes: readonly Lexeme[], culprit: Lexeme): string | null {
  const before = lexemes[lexemes.indexOf(culprit) - 1];
  if (before?.text === '.' && culprit.kind === 'text') return 'Write the name without quotes.';
  if (culprit.text === '{') return 'Objects are built with a map under `in`, `out` or `set`, not in an expression.';
  return null;
}

const shown = ({ kind, text }: Lexeme): string => (kind === 'text' ? text : `"${text}"`);
