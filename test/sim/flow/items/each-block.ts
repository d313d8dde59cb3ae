import { allOf, type Block, type EachBlock, type ItemPlan, PLAIN } from '../block.js';

/** What an item is when its list is in the input, and when it is not. */
export const itemText = ({ id, listed }: Pick<EachBlock, 'id' | 'listed'>, item: number): string =>
  listed ? `${id} has ${item}` : String(item + 1);

/** Whether a person has to see that an item will never be done. */
export const isForAPerson = ({ onError, body }: EachBlock): boolean => onError === 'fail' && body === null;

/** The name of what a handler is asked to do: of a visit, or of one item of it. */
export const unitOf = (visit: string, item: unknown): string => (typeof item === 'number' ? `${visit}.${item}` : visit);

/** What its partner does with an item. */
export const planAt = ({ items, added }: EachBlock, item: number): ItemPlan | null =>
  items[item] ?? (added ? (items[item % items.length] ?? { ...PLAIN, no: false }) : null);

/** The places of all its items, with what has come later. */
export const placesOf = ({ items, added }: EachBlock, came: readonly string[]): readonly number[] =>
  Array.from({ length: (added?.first ?? items.length) + came.length }, (_, item) => item);

export const listsIn = (block: Block): readonly EachBlock[] =>
  allOf(block).flatMap((one) => (one.kind === 'each' ? [one] : []));
