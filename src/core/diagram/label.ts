/** Longest label; Mermaid does not wrap long words. */
export const LABEL_LIMIT = 120;

/**
 * A text as Mermaid shows it verbatim inside quotes. Every character that could mean something to Mermaid, Markdown or
 * HTML is written as its code point: a raw quote ends the label, and a raw image is fetched.
 */
export function label(text: string): string {
  const clean = text.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim();
  const points = [...clean];
  const short = points.length > LABEL_LIMIT ? [...points.slice(0, LABEL_LIMIT - 1), '…'].join('') : clean;
  return short.replace(/[^\p{L}\p{N} .,_/=+-]/gu, (character) => `#${character.codePointAt(0)};`);
}
