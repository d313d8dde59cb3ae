import type { Json } from '../../core/json.js';
import type { Span } from '../report/report.js';

/** A YAML document reduced to what a definition can hold, every part with its place. */
export type Tree = ScalarTree | ListTree | MapTree;

export interface ScalarTree extends Span {
  readonly type: 'scalar';
  readonly value: null | boolean | number | string;
  /** Nothing was written: `key:`. */
  readonly empty: boolean;
  /** Where the text starts in the file, when it stands there letter for letter; quotes and folds may forbid that. */
  readonly textStart: number | null;
}

export interface ListTree extends Span {
  readonly type: 'list';
  readonly items: readonly Tree[];
}

export interface MapTree extends Span {
  readonly type: 'map';
  /** `{ … }` on the line. */
  readonly isFlow: boolean;
  readonly entries: readonly Entry[];
}

export interface Entry {
  readonly key: string;
  readonly keyAt: Span;
  /** See {@link ScalarTree.textStart}, for the key. */
  readonly keyTextStart: number | null;
  readonly value: Tree;
}

/** As plain values. Keys that could reach a prototype have been refused when the tree was built. */
export function plain(tree: Tree): Json {
  if (tree.type === 'scalar') return tree.value;
  if (tree.type === 'list') return tree.items.map(plain);
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plain(value)]));
}

export function entryOf(tree: Tree | undefined, key: string): Entry | undefined {
  return tree?.type === 'map' ? tree.entries.find((entry) => entry.key === key) : undefined;
}

/** The part at a path, or the deepest part that exists on the way; with the entry that holds it. */
export function find(
  tree: Tree,
  path: readonly PropertyKey[],
): { tree: Tree; entry: Entry | undefined; complete: boolean } {
  let current = tree;
  let entry: Entry | undefined;
  for (const step of path) {
    if (current.type === 'list') {
      const item = current.items[Number(step)];
      if (!item) return { tree: current, entry, complete: false };
      current = item;
      entry = undefined;
      continue;
    }
    const found = entryOf(current, String(step));
    if (!found) return { tree: current, entry, complete: false };
    entry = found;
    current = found.value;
  }
  return { tree: current, entry, complete: true };
}

/** The place of a part of a scalar's text; the whole scalar where quoting hides the parts. */
export function within(scalar: ScalarTree, start: number, end: number): Span {
  if (scalar.textStart === null) return { start: scalar.start, end: scalar.end };
  return { start: scalar.textStart + start, end: scalar.textStart + end };
}
