const QUANTIFIER = /^(?:[*+?]|\{\d+(?:,\d*)?\})\??/;
/** More than once. */
const REPEATS = /^[*+]|^\{(?:[2-9]|[1-9]\d|\d+,)/;
/** More than once, and not told how often. */
const VARIES = /^[*+]|^\{(\d+),(?!\1\})/;
const GROUP = /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>))?/;
const ATOM = /^(?:\[(?:\\.|[^\]\\])*\]|\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\k<[^>]*>|\\.)/s;

/**
 * Whether a pattern repeats a group in which something repeats: there are so many ways then to take a text apart that
 * matching can go on without end, and nothing else would run meanwhile.
 */
export function isEndless(pattern: string): boolean {
  /** Of each group that is open, whether something in it repeats. */
  const open = [false];
  for (let at = 0; at < pattern.length; ) {
    const rest = pattern.slice(at);
    if (rest[0] === '(') {
      open.push(false);
      at += GROUP.exec(rest)?.[0].length ?? 1;
      continue;
    }
    at += ATOM.exec(rest)?.[0].length ?? 1;
    const quantifier = QUANTIFIER.exec(pattern.slice(at))?.[0] ?? '';
    at += quantifier.length;
    const isGroup = rest[0] === ')' && open.length > 1;
    const inside = isGroup && open.pop() === true;
    if (inside && REPEATS.test(quantifier)) return true;
    if (inside || VARIES.test(quantifier)) open[open.length - 1] = true;
  }
  return false;
}
