import type { JsonObject } from '../../core/json.js';
import type { Problem } from '../problem.js';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes.js';

/** Offsets into the text of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const MAX_PROBLEMS = 100;

interface Found {
  readonly code: ProblemCode;
  readonly span: Span;
  readonly message: string;
  readonly hint: string | null;
}

/** Gathers the problems of one file; knows its lines, so that checks think in offsets only. */
export class Report {
  private readonly found = new Map<string, Found>();
  private readonly lineStarts: number[] = [0];
  /** The schema under `play`, once it is read: expressions of the file may read `play`. */
  play: JsonObject | null = null;

  constructor(
    private readonly file: string,
    private readonly text: string,
    /** It was published, so what is now refused for fear of what may come of it is read as it was. */
    readonly published = false,
  ) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
  }

  add(code: ProblemCode, span: Span, message: string, hint: string | null = null): void {
    const key = `${code} ${span.start} ${message}`;
    if (!this.found.has(key)) this.found.set(key, { code, span, message, hint });
  }

  has(...codes: readonly ProblemCode[]): boolean {
    return [...this.found.values()].some(({ code }) => codes.includes(code));
  }

  get hasErrors(): boolean {
    return [...this.found.values()].some(({ code }) => PROBLEM_CODES[code] === 'error');
  }

  /** In the order of the file. Of more than a hundred, errors go before warnings. */
  problems(): Problem[] {
    const rank = ({ code }: Found): number => (PROBLEM_CODES[code] === 'error' ? 0 : 1);
    const byPlace = (a: Found, b: Found): number => a.span.start - b.span.start;
    const kept = [...this.found.values()].sort((a, b) => rank(a) - rank(b) || byPlace(a, b)).slice(0, MAX_PROBLEMS);
    return kept.sort(byPlace).map((found) => this.problem(found));
  }

  private problem({ code, span, message, hint }: Found): Problem {
    const { line, column } = this.position(span.start);
    const excerpt = this.excerpt(line);
    const length = Math.max(1, Math.min(span.end - span.start, excerpt.length - column + 1));
    return { code, severity: PROBLEM_CODES[code], message, hint, file: this.file, line, column, length, excerpt };
  }

  /** Line and column of an offset, both from 1. */
  position(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.lineStarts[low] ?? 0) + 1 };
  }

  /** The rest of the line after an offset. */
  restOfLine(offset: number): string {
    const end = this.text.indexOf('\n', offset);
    return this.text.slice(offset, end < 0 ? undefined : end);
  }

  lineAt(offset: number): string {
    return this.excerpt(this.position(offset).line);
  }

  slice(span: Span): string {
    return this.text.slice(span.start, span.end);
  }

  private excerpt(line: number): string {
    const start = this.lineStarts[line - 1] ?? 0;
    return this.text.slice(start, this.lineStarts[line] ?? undefined).replace(/[\r\n]+$/, '');
  }
}
