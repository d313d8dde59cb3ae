import type { Problem } from '../problem.js';
import { PROBLEM_CODES, type ProblemCode } from './problem-codes.js';

/** Offsets into the text of the file. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

const MAX_PROBLEMS = 100;

/** Gathers the problems of one file; knows its lines, so that checks think in offsets only. */
export class Report {
  private readonly found: { problem: Problem; start: number }[] = [];
  private readonly seen = new Set<string>();
  private readonly lineStarts: number[] = [0];

  constructor(
    private readonly file: string,
    private readonly text: string,
  ) {
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.lineStarts.push(at + 1);
  }

  add(code: ProblemCode, span: Span, message: string, hint: string | null = null): void {
    const { line, column } = this.position(span.start);
    const excerpt = this.excerpt(line);
    const key = `${code} ${span.start} ${message}`;
    if (this.seen.has(key)) return;
    this.seen.add(key);
    const length = Math.max(1, Math.min(span.end - span.start, excerpt.length - column + 1));
    const severity = PROBLEM_CODES[code];
    const problem = { code, severity, message, hint, file: this.file, line, column, length, excerpt };
    this.found.push({ problem, start: span.start });
  }

  get hasErrors(): boolean {
    return this.found.some(({ problem }) => problem.severity === 'error');
  }

  /** In the order of the file. Of more than a hundred, errors go before warnings. */
  problems(): Problem[] {
    let kept = this.found;
    if (kept.length > MAX_PROBLEMS) {
      const rank = (severity: Problem['severity']): number => (severity === 'error' ? 0 : 1);
      kept = [...kept].sort((a, b) => rank(a.problem.severity) - rank(b.problem.severity)).slice(0, MAX_PROBLEMS);
    }
    return [...kept].sort((a, b) => a.start - b.start).map(({ problem }) => problem);
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
