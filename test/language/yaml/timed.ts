import { codesOf } from '../flow-text.js';

/** The codes of a text's problems, and how long it took to find them. */
export function timed(text: string | Uint8Array): { codes: string[]; ms: number } {
  const from = performance.now();
  const codes = codesOf(text);
  return { codes, ms: performance.now() - from };
}
