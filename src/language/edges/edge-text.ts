import type { Report, Span } from '../report/report.js';
import type { Target } from '../structure/draft.js';
import { type ScalarTree, within } from '../yaml/tree.js';

/** `a & b -> c -> d & e` cut into its groups: `[[a, b], [c], [d, e]]`. */
export type Groups = readonly (readonly Target[])[];

/** Wider than an id, so that a faulty id is one problem, where it is given, and not one more in each edge. */
const NAME = /[A-Za-z](?:[A-Za-z0-9_.]|-(?![->]))*/y;
const SPACE = /[ \t\r\n]*/y;

/**
 * Reads the arrows of an edge line. `null` when it is none; the report points into the text.
 *
 * @param keyAt where the text stands, and `textStart` when letter for letter.
 */
export function readArrows(text: string, scalar: ScalarTree, report: Report): Groups | null {
  const place = (start: number, end: number): Span => within(scalar, start, end);
  const refuse = (at: number, message: string, hint: string | null = null): null => {
    const end = Math.max(at + 1, endOfWord(text, at));
    report.add('BAD_EDGE', place(at, end), message, hint);
    return null;
  };
  const groups: Target[][] = [[]];
  let at = skipSpace(text, 0);
  while (true) {
    NAME.lastIndex = at;
    const name = NAME.exec(text)?.[0];
    if (name === undefined) {
      const found = at < text.length ? `found \`${text.slice(at, endOfWord(text, at))}\`` : 'the line ends';
      return refuse(at, `Expected the id of a node, but ${found}.`, 'An edge reads `a -> b` or `a -> b & c`.');
    }
    groups.at(-1)?.push({ id: name, at: place(at, at + name.length) });
    at = skipSpace(text, at + name.length);
    if (at >= text.length) break;
    if (text.startsWith('->', at)) groups.push([]);
    else if (text[at] !== '&') return refuseSign(text, at, place, report);
    at = skipSpace(text, at + (text[at] === '&' ? 1 : 2));
  }
  if (groups.length > 1) return groups;
  return refuse(0, 'Expected an arrow, but there is none.', 'An edge reads `a -> b`.');
}

function refuseSign(text: string, at: number, place: (start: number, end: number) => Span, report: Report): null {
  if (text[at] === ':') {
    const message = 'Expected a space after the colon, but there is none.';
    report.add('SPACE_AFTER_COLON', place(at, at + 1), message, `Write ": ${text.slice(at + 1).trim()}".`);
    return null;
  }
  const foreign = /^(?:-->|=>|-+>|→|>|,|\|)/.exec(text.slice(at))?.[0];
  const hint =
    foreign === ',' || foreign === '|' ? 'Several targets are joined by "&".' : foreign ? 'The arrow is "->".' : null;
  const found = foreign ?? text.slice(at, endOfWord(text, at));
  const span = place(at, at + Math.max(1, found.length));
  report.add('BAD_EDGE', span, `Expected "->" or "&" or the end, but found \`${found}\`.`, hint);
  return null;
}

function skipSpace(text: string, at: number): number {
  SPACE.lastIndex = at;
  return at + (SPACE.exec(text)?.[0].length ?? 0);
}

function endOfWord(text: string, at: number): number {
  const end = text.slice(at).search(/[\s&]|->/);
  return end <= 0 ? Math.min(text.length, at + Math.max(1, end < 0 ? text.length - at : 1)) : at + end;
}
