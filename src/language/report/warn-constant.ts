import type { Report, Span } from './report.js';

/** Something that is asked again and again, and always gives the same. */
export function warnConstant(
  placed: { readonly compiled: { readonly constant: boolean } } | null | undefined,
  at: Span | undefined,
  report: Report,
  hint: string,
  what = 'a condition',
): void {
  if (!placed?.compiled.constant || !at) return;
  report.add('CONSTANT_CONDITION', at, `Expected ${what} that reads something, but it always gives the same.`, hint);
}
