import type { Report } from '../report/report.js';
import type { Entry, MapTree, Tree } from './tree.js';

/**
 * Refuses keys without a value: in `{ a: max(x, 1) }` the comma has made a second key of `1)`, and `when:` is no
 * condition. What the comma tore apart is left out, so that it is one problem and not three. Edges look for themselves.
 */
export function dropEmpty(tree: MapTree, report: Report): MapTree {
  const entries = tree.entries.map((entry) => {
    return entry.key === 'edges' ? entry : { ...entry, value: walk(entry.value, report) };
  });
  return { ...tree, entries: refuse({ ...tree, entries }, report) };
}

function walk(tree: Tree, report: Report): Tree {
  if (tree.type === 'scalar') return tree;
  if (tree.type === 'list') return { ...tree, items: tree.items.map((item) => walk(item, report)) };
  const entries = tree.entries.map((entry) => ({ ...entry, value: walk(entry.value, report) }));
  return { ...tree, entries: refuse({ ...tree, entries }, report) };
}

function refuse(tree: MapTree, report: Report): Entry[] {
  const kept: Entry[] = [];
  for (const entry of tree.entries) {
    if (entry.value.type !== 'scalar' || !entry.value.empty) {
      kept.push(entry);
    } else if (tree.isFlow && !/^\s*:/.test(report.restOfLine(entry.keyAt.end))) {
      kept.pop();
      const message = `Expected a value for every key, but \`${entry.key.slice(0, 60)}\` has none.`;
      report.add(
        'UNQUOTED_COMMA',
        entry.keyAt,
        message,
        'A comma ends a value in { … }; put the whole expression in quotes.',
      );
    } else {
      report.add(
        'EMPTY_VALUE',
        entry.keyAt,
        `Expected a value after \`${entry.key.slice(0, 60)}:\`, but nothing follows.`,
        'Write a value, or delete the key.',
      );
    }
  }
  return kept;
}
