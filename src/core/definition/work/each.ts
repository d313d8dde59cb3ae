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
  /** More items may come while it runs; absent: the list is all there is. */
  readonly more?: MoreRule;
}

/** How items are added to those that a node with `each` has. */
export interface MoreRule {
  /** The name of the message that brings them. */
  readonly message: string;
  /** Members of the payload, and what each must be equal to; empty: the name alone decides. */
  readonly match: ReadonlyMap<string, Expression>;
  /** How old a message may be that came before, in milliseconds; `null`: as old as they are kept. */
  readonly keepMs: number | null;
  /** Gives the list of what a message brings, which is `result` there; `null`: the payload is one item. */
  readonly items: Expression | null;
  /** After what no more come; `null`: they may come as long as some item is not over. */
  readonly last: Expression | null;
}

/** Most visits of a node with `each`: item and visit share one number. */
export const EACH_VISITS = 2_000;
/** Most items that a visit may ever have. */
export const EACH_ITEMS = 100_000;

/** How far the visit numbers of two items of one visit are apart. */
export const ITEM_STRIDE = 2_048;
const FIRST = 512;
/** Numbers of visits from here on are those of items and of the pages that keep what they are; ordinary nodes have fewer visits. */
export const ITEMS_FROM = FIRST * ITEM_STRIDE;
/** What stands in the place of an item for a page. */
const PAGE = -1;

/**
 * The visit number of an item (from 0) of a visit. Items are node instances like any other and need no column of their
 * own: every key that tells node instances apart tells them apart too.
 */
export const itemVisit = (visit: number, item: number): number => (item + FIRST) * ITEM_STRIDE + visit;

/** The visit number under which items of a visit are kept as they came, from that item on until the next page. */
export const pageVisit = (visit: number, from: number): number => itemVisit(visit, EACH_ITEMS + from);
export const isPage = (visit: number): boolean => itemOf(visit) === PAGE;
/** Which item (from 0) a page begins with. */
export const pageFrom = (visit: number): number => Math.floor(visit / ITEM_STRIDE) - FIRST - EACH_ITEMS;

/** Numbers of visits from here on are those of undoing the visit, or the item, that is so much less. */
const UNDO_FROM = 2 ** 29;
/** The visit number under which a visit, or an item, is undone. */
export const undoVisit = (visit: number): number => visit + UNDO_FROM;
export const isUndo = (visit: number): boolean => visit >= UNDO_FROM;
/** What is undone under a visit number; of another the number itself. */
export const undoneVisit = (visit: number): number => (visit >= UNDO_FROM ? visit - UNDO_FROM : visit);

/** Which item (from 0) a visit number stands for; `null` when it is an ordinary visit, -1 when it is a page. Of undoing, what is undone. */
export function itemOf(visit: number): number | null {
  if (visit < ITEMS_FROM || undoneVisit(visit) < ITEMS_FROM) return null;
  const place = Math.floor(undoneVisit(visit) / ITEM_STRIDE) - FIRST;
  return place < EACH_ITEMS ? place : PAGE;
}

/** The visit that an item, or undoing, belongs to; an ordinary visit is its own. */
export const visitOf = (visit: number): number =>
  visit < ITEMS_FROM ? visit : undoneVisit(visit) < ITEMS_FROM ? undoneVisit(visit) : undoneVisit(visit) % ITEM_STRIDE;

/** A visit as people read it: `2`, `2.5` for the item 5 of it, and `2.undo` for undoing it. */
export function shownVisit(visit: number): string {
  if (visit < ITEMS_FROM) return String(visit);
  const item = itemOf(visit);
  return `${visitOf(visit)}${item === null ? '' : `.${item}`}${isUndo(visit) ? '.undo' : ''}`;
}
