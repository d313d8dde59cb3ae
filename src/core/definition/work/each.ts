import type { Expression } from '../../expression.js';

/** One node instance for each item of a list, many at a time. */
export interface EachRule {
  /** Gives a list, or a whole number n for the items 1 to n. Evaluated once, when the node is entered. */
  readonly list: Expression;
  /** What an item is called in `in`. */
  readonly as: string;
  /** Most items under way at a time: 1 to 256. */
  readonly parallel: number;
  /** Most items of a list; a longer one is the incident `EACH_TOO_MANY`. */
  readonly limit: number;
  /** When the others need not be waited for; `null`: when all are over. */
  readonly until: { readonly count: number } | { readonly when: Expression } | null;
  /** What becomes of the others then. */
  readonly rest: 'cancel' | 'ignore';
  /** An item that failed for good: `fail` is a failure of the node, `continue` counts it and goes on. */
  readonly onError: 'fail' | 'continue';
  /** Whether the node's output lists what every item gave, or counts alone. */
  readonly collect: boolean;
}

/** Most visits of a node with `each`: item and visit share one number. */
export const EACH_VISITS = 16_000;
/** Most items that a list may ever have. */
export const EACH_ITEMS = 10_000;

/** How far the visit numbers of two items of one visit are apart. */
export const ITEM_STRIDE = 16_384;
const FIRST = 64;
/** What stands in the place of an item for the list itself, as it was when the node was entered. */
const LIST = -1;
/** Numbers of visits from here on are those of items and lists; ordinary nodes have fewer visits. */
export const ITEMS_FROM = (FIRST + LIST) * ITEM_STRIDE;

/**
 * The visit number of an item (from 0) of a visit. Items are node instances like any other and need no column of their
 * own: every key that tells node instances apart tells them apart too.
 */
export const itemVisit = (visit: number, item: number): number => (item + FIRST) * ITEM_STRIDE + visit;

/** The visit number under which the list of a visit is kept. */
export const listVisit = (visit: number): number => itemVisit(visit, LIST);
export const isList = (visit: number): boolean => itemOf(visit) === LIST;

/** Numbers of visits from here on are those of undoing the visit, or the item, that is so much less. */
const UNDO_FROM = 2 ** 29;
/** The visit number under which a visit, or an item, is undone. */
export const undoVisit = (visit: number): number => visit + UNDO_FROM;
export const isUndo = (visit: number): boolean => visit >= UNDO_FROM;
/** What is undone under a visit number; of another the number itself. */
export const undoneVisit = (visit: number): number => (visit >= UNDO_FROM ? visit - UNDO_FROM : visit);

/** Which item (from 0) a visit number stands for; `null` when it is an ordinary visit, -1 when it is a list. Of undoing, what is undone. */
export const itemOf = (visit: number): number | null =>
  visit < ITEMS_FROM || undoneVisit(visit) < ITEMS_FROM ? null : Math.floor(undoneVisit(visit) / ITEM_STRIDE) - FIRST;

/** The visit that an item, or undoing, belongs to; an ordinary visit is its own. */
export const visitOf = (visit: number): number =>
  visit < ITEMS_FROM ? visit : undoneVisit(visit) < ITEMS_FROM ? undoneVisit(visit) : undoneVisit(visit) % ITEM_STRIDE;

/** A visit as people read it: `2`, `2.5` for the item 5 of it, and `2.undo` for undoing it. */
export function shownVisit(visit: number): string {
  if (visit < ITEMS_FROM) return String(visit);
  const item = itemOf(visit);
  return `${visitOf(visit)}${item === null ? '' : `.${item}`}${isUndo(visit) ? '.undo' : ''}`;
}
