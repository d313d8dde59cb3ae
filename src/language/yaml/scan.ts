import { Lexer } from 'yaml';
import type { Report } from '../report/report.js';

export const MAX_DEPTH = 64;
const MAX_REFUSED = 20;
/** What the lexer puts in front of a plain or block scalar, at the start of a document, and for a broken flow. */
const MARKS: ReadonlySet<string> = new Set(['\u0002', '\u001f', '\u0018']);
const SCALAR_MARK = '\u001f';
const FORBIDDEN =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]/g;

/**
 * Refuses what must not even reach the parser. A few thousand brackets or anchors cost the parser seconds or its stack
 * (and with that the process), while the lexer alone is linear.
 *
 * @returns whether the text may be parsed.
 */
export function scan(text: string, report: Report): boolean {
  return scanCharacters(text, report) && scanTokens(text, report);
}

function scanCharacters(text: string, report: Report): boolean {
  let count = 0;
  for (const { 0: character, index } of text.matchAll(FORBIDDEN)) {
    const code = `U+${character.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`;
    const span = { start: index, end: index + 1 };
    report.add('CONTROL_CHARACTER', span, `Expected visible text, but found ${code}.`, 'Delete the character.');
    count += 1;
    if (count >= MAX_REFUSED) break;
  }
  return count === 0;
}

function scanTokens(text: string, report: Report): boolean {
  const depth = new Depth();
  let offset = 0;
  let refused = 0;
  let isScalar = false;
  for (const token of new Lexer().lex(text)) {
    if (MARKS.has(token)) {
      isScalar = token === SCALAR_MARK;
      continue;
    }
    const span = { start: offset, end: offset + token.length };
    if (!isScalar && refuse(token, span, report)) refused += 1;
    depth.follow(token, isScalar);
    if (depth.value > MAX_DEPTH) {
      report.add('TOO_DEEP', span, `Expected at most ${MAX_DEPTH} levels, but the text is nested deeper.`);
      return false;
    }
    if (refused >= MAX_REFUSED) return false;
    offset += token.length;
    isScalar = false;
  }
  return refused === 0;
}

function refuse(token: string, span: { start: number; end: number }, report: Report): boolean {
  const quote = 'If it belongs to a condition, put the whole condition in single quotes.';
  switch (token[0]) {
    case '&':
      report.add('YAML_ANCHOR', span, `Expected plain YAML, but \`${token.slice(0, 40)}\` is an anchor.`, quote);
      return true;
    case '*':
      report.add('YAML_ALIAS', span, `Expected plain YAML, but \`${token.slice(0, 40)}\` is an alias.`, quote);
      return true;
    case '!':
      report.add(
        'YAML_TAG',
        span,
        `Expected plain YAML, but \`${token.slice(0, 40)}\` is a tag.`,
        `Write "not". ${quote}`,
      );
      return true;
    case '%':
      report.add(
        'YAML_DIRECTIVE',
        span,
        'Expected no directive, but the line starts with "%".',
        'YAML is read as version 1.2.',
      );
      return true;
    default:
      return false;
  }
}

/** An upper bound of the nesting, from indentation, dashes and brackets alone. */
class Depth {
  private readonly columns: number[] = [];
  private flow = 0;
  private column = 0;
  private isLineStart = true;

  get value(): number {
    return this.columns.length + this.flow;
  }

  follow(token: string, isScalar: boolean): void {
    const isSpace = /^[ \t\r\n]*$/.test(token) || token.startsWith('#');
    if (!isScalar && (token === '[' || token === '{')) this.flow += 1;
    if (!isScalar && (token === ']' || token === '}')) this.flow = Math.max(0, this.flow - 1);
    const opens = this.isLineStart || (!isScalar && (token === '-' || token === '?'));
    if (!isSpace && opens && this.flow === 0) {
      while ((this.columns.at(-1) ?? -1) > this.column) this.columns.pop();
      if (this.columns.at(-1) !== this.column) this.columns.push(this.column);
    }
    if (!isSpace) this.isLineStart = !isScalar && (token === '-' || token === '?') && this.flow === 0;
    const newline = token.lastIndexOf('\n');
    this.column = newline < 0 ? this.column + token.length : token.length - newline - 1;
    if (newline >= 0) this.isLineStart = true;
  }
}
