import type { Report } from '../report/report.js';
import type { Target } from '../structure/draft.js';
import { reportIssues } from '../structure/issues.js';
import { namesUnder } from '../structure/kinds/control.js';
import { ID_PATTERN } from '../structure/parts.js';
import { longEdge } from '../structure/schema.js';
import { entryOf, type MapTree, plain, type ScalarTree, type Tree } from '../yaml/tree.js';
import { BORDER_KEYS, readBorder } from './border-when.js';
import { type EdgeLines, linesOf, UNREADABLE } from './edge-lines.js';
import { readEvent, readWhen, type When } from './edge-when.js';

const KEYS = ['from', 'to', 'when', 'else', 'event', ...BORDER_KEYS, 'cancels', 'times', 'label'];

/** `{ from, to, when | else: true | event, cancels, times, label }`, and with an event `match, keep, after, interrupts`. */
export function readLongEdge(tree: MapTree, report: Report): EdgeLines {
  const empty = entryOf(tree, 'when')?.value;
  if (empty?.type === 'scalar' && empty.value === null) {
    readWhen(empty, report);
    return null;
  }
  const checked = longEdge.safeParse(plain(tree));
  if (!checked.success) {
    reportIssues(checked.error.issues, tree, KEYS, report);
    return null;
  }
  const from = targets(entryOf(tree, 'from')?.value, report);
  const to = targets(entryOf(tree, 'to')?.value, report);
  const read = longWhen(tree, report);
  const when = read && readBorder(tree, read, report);
  if (!from || !to) return null;
  const whenAt = whenPlace(tree);
  const lines = linesOf(
    [from, to],
    when ?? UNREADABLE,
    { start: whenAt.start, end: whenAt.end },
    checked.data.label ?? null,
    report,
  );
  const [names, at] = [namesUnder(tree, 'cancels'), entryOf(tree, 'cancels')?.value];
  const { times } = checked.data;
  const more = { ...(names && at && { cancels: { names, at } }), ...(times !== undefined && { times }) };
  return Object.keys(more).length > 0 ? lines.map((line) => ({ ...line, ...more })) : lines;
}

function longWhen(tree: MapTree, report: Report): When | null {
  const given = tree.entries.filter(({ key }) => ['when', 'else', 'event'].includes(key));
  const [first, second] = given;
  if (second) {
    const message = `Expected one of when, else and event, but \`${first?.key}\` and \`${second.key}\` are two.`;
    report.add('BAD_EDGE', second.keyAt, message, 'Delete one of them.');
    return null;
  }
  if (!first) return { when: { type: 'always' }, condition: null };
  if (first.key === 'else') return { when: { type: 'else' }, condition: null };
  if (first.key === 'event') return readEvent(first.value as ScalarTree, report);
  return readWhen(first.value, report);
}

function whenPlace(tree: MapTree): Tree {
  return tree.entries.find(({ key }) => ['when', 'else', 'event'].includes(key))?.value ?? tree;
}

function targets(tree: Tree | undefined, report: Report): Target[] | null {
  const items = tree?.type === 'list' ? tree.items : tree ? [tree] : [];
  const read: Target[] = [];
  for (const item of items) {
    const id = item.type === 'scalar' ? String(item.value) : '';
    if (!ID_PATTERN.test(id)) {
      report.add('BAD_EDGE', item, 'Expected the id of a node, but it is none.', 'Several ids are a list: [a, b].');
      return null;
    }
    read.push({ id, at: { start: item.start, end: item.end } });
  }
  return read;
}
