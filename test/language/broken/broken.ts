/**
 * A definition broken by hand: what is wrong with it, the codes that it must have, and the text. Each `‸` in the text is
 * the place of one problem, in order; codes at the same place are joined by "+".
 */
export type Broken = readonly [what: string, codes: string, text: string];

const MARK = '‸';

/** A small flow that has no problem, with one thing in place of its own. */
export const work = (node: string): string => flow(`  work:  ${node}\n`);
export const top = (head: string): string => flow(undefined, undefined, `${head}\n`);
export const edges = (...lines: readonly string[]): string => flow(undefined, lines);
export const nodes = (more: readonly string[], lines: readonly string[]): string =>
  flow(more.map((line) => `  ${line}\n`).join(''), lines);

function flow(
  given = '  work:  { task: demo.work }\n',
  lines: readonly string[] = ['begin -> work', 'work -> done'],
  head = '',
): string {
  const drawn = lines.map((line) => `  - ${line}\n`).join('');
  return `flow: example\n${head}nodes:\n  begin: { start: true }\n${given}  done:  { end: success }\nedges:\n${drawn}`;
}

/** The text without its marks, and what must be found in it: `CODE line:column`. */
export function expectedOf([, codes, marked]: Broken): { readonly text: string; readonly problems: readonly string[] } {
  const [first = '', ...rest] = marked.split(MARK);
  const words = codes.split(' ');
  let before = first;
  const problems = rest.flatMap((part, index) => {
    const lines = before.split('\n');
    const place = `${lines.length}:${(lines.at(-1) ?? '').length + 1}`;
    before += part;
    return (words[index] ?? 'NO_CODE').split('+').map((code) => `${code} ${place}`);
  });
  return { text: before, problems: [...problems, ...words.slice(rest.length).map((code) => `${code} has no mark`)] };
}
