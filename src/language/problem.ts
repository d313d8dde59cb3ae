import type { ProblemCode } from './report/problem-codes.js';

/** A fault in a definition, at its place in the file. */
export interface Problem {
  /** Stable; `docs/problems.md` explains each. */
  readonly code: ProblemCode;
  /** A warning lets the definition through. */
  readonly severity: 'error' | 'warning';
  /** "Expected X, but Y." */
  readonly message: string;
  readonly hint: string | null;
  readonly file: string;
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units, as editors count. */
  readonly column: number;
  /** At least 1; never beyond the line's end. */
  readonly length: number;
  /** The source line. */
  readonly excerpt: string;
}

export interface FormatOptions {
  /** ANSI colours. */
  readonly colour: boolean;
}

const RED = 31;
const YELLOW = 33;
const CYAN = 36;
const MAX_EXCERPT = 160;

/** The problem as a reader wants it: what, where, the line, a caret under the place, and what to do. */
export function formatProblem(problem: Problem, { colour }: FormatOptions = { colour: false }): string {
  const paint = (code: number, text: string): string => (colour ? `\u001b[${code}m${text}\u001b[0m` : text);
  const severity = paint(problem.severity === 'error' ? RED : YELLOW, `${problem.severity}[${problem.code}]`);
  const gutter = ' '.repeat(String(problem.line).length);
  const { text, column } = visibleExcerpt(problem);
  const caret = '^'.repeat(Math.max(1, Math.min(problem.length, text.length - column + 1)));
  const hint = problem.hint === null ? '' : ` ${problem.hint}`;
  return [
    `${severity}: ${visible(problem.message)}`,
    `${gutter} ┌─ ${paint(CYAN, `${visible(problem.file)}:${problem.line}:${problem.column}`)}`,
    `${gutter} │`,
    `${problem.line} │ ${text}`,
    `${gutter} │ ${' '.repeat(column - 1)}${paint(problem.severity === 'error' ? RED : YELLOW, caret)}${visible(hint)}`,
  ].join('\n');
}

/** One line for editors and scripts: `file:line:column: CODE message`. */
export function formatProblemLine(problem: Problem): string {
  const hint = problem.hint === null ? '' : ` ${problem.hint}`;
  return visible(`${problem.file}:${problem.line}:${problem.column}: ${problem.code} ${problem.message}${hint}`);
}

/** A file in one long line must not flood the terminal: the part round the place is enough. */
function visibleExcerpt({ excerpt, column }: Problem): { text: string; column: number } {
  const from = column > MAX_EXCERPT - 40 ? column - 1 - 40 : 0;
  return { text: visible(excerpt.slice(from, from + MAX_EXCERPT)), column: column - from };
}

/** Control characters and direction marks would act on the terminal; each is shown as one replacement character. */
function visible(text: string): string {
  return text.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, (character) => (character === '\t' ? ' ' : '\ufffd'));
}
