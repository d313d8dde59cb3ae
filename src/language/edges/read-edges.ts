import type { Report } from '../report/report.js';
import type { DraftLine } from '../structure/draft.js';
import { shownValue } from '../structure/issues.js';
import type { Entry, ListTree, ScalarTree, Tree } from '../yaml/tree.js';
import { type EdgeLines, linesOf, UNREADABLE } from './edge-lines.js';
import { readArrows } from './edge-text.js';
import { readWhen, type When } from './edge-when.js';
import { readLongEdge } from './long-edge.js';

export const MAX_EDGES = 2_000;
const LONG_KEYS: ReadonlySet<string> = new Set(['from', 'to']);
const ALWAYS: When = { when: { type: 'always' }, condition: null };

/** The lines of `edges`, in the order of the file, and whether none had to be left out. */
export function readEdges(list: ListTree, report: Report): { lines: DraftLine[]; hasAllEdges: boolean } {
  const lines: DraftLine[] = [];
  let edges = 0;
  let hasAllEdges = true;
  for (const item of list.items) {
    const read = readEdge(item, report);
    if (!read) {
      hasAllEdges = false;
      continue;
    }
    edges += read.reduce((sum, line) => sum + line.to.length, 0);
    if (edges > MAX_EDGES) {
      report.add('TOO_MANY_EDGES', item, `Expected at most ${MAX_EDGES} edges, but there are more.`, 'Split the flow.');
      return { lines, hasAllEdges: false };
    }
    lines.push(...read);
  }
  return { lines, hasAllEdges };
}

function readEdge(item: Tree, report: Report): EdgeLines {
  if (item.type === 'list') return refuse(item, report);
  if (item.type === 'scalar') {
    if (typeof item.value !== 'string') return refuse(item, report);
    const groups = readArrows(item.value, item, report);
    return groups ? linesOf(groups, ALWAYS, item, null, report) : null;
  }
  if (item.entries.some(({ key }) => LONG_KEYS.has(key))) return readLongEdge(item, report);
  const [entry, second] = item.entries;
  if (!entry) return refuse(item, report);
  if (second) {
    const hint = item.isFlow ? 'Put a condition with a comma in single quotes.' : 'Start each edge with "- ".';
    report.add('BAD_EDGE', second.keyAt, 'Expected one edge in each entry of the list, but there are two keys.', hint);
    return null;
  }
  return readShortEdge(entry, report);
}

function readShortEdge({ key, keyAt, keyTextStart, value }: Entry, report: Report): EdgeLines {
  const scalar: ScalarTree = { type: 'scalar', value: key, empty: false, textStart: keyTextStart, ...keyAt };
  const groups = readArrows(key, scalar, report);
  const when = readWhen(value, report);
  if (!groups) return null;
  const whenAt = { start: value.start, end: value.end };
  if (groups.length > 2) {
    const message = 'Expected a single arrow before a condition, but this is a chain.';
    report.add('CONDITION_ON_CHAIN', whenAt, message, 'Write the arrow with the condition as a line of its own.');
    return linesOf(groups, UNREADABLE, whenAt, null, report);
  }
  return linesOf(groups, when ?? UNREADABLE, whenAt, null, report);
}

function refuse(item: Tree, report: Report): null {
  const message = `Expected an edge such as \`a -> b\`, but it is ${shownValue(item)}.`;
  report.add('BAD_EDGE', item, message, 'Put quotes round an edge that YAML reads as something else.');
  return null;
}
