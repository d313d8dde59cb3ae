import type { EachRule } from '../../../../src/core/definition/work/each.js';
import type { JsonObject } from '../../../../src/core/json.js';
import { expr, literal, path } from '../../../support/build-definition.js';
import { allOf, type Block, borderOf, type EachBlock } from '../block.js';
import type { Dice } from '../dice.js';
import type { Added } from './with-added.js';

/**
 * Lets some lists grow. By dice of its own, so that what is drawn beside it stays the same whether or not it does.
 * @param focus what is to be in it for sure.
 */
export function growLists(flows: Record<string, Block>, dice: Dice, focus: readonly string[]): Record<string, Block> {
  const share = focus.includes('more') ? 1 : dice.pick([0, 0.5, 0.8]);
  const grown = (_: string, value: unknown): unknown =>
    isList(value) && value.flow === null && value.items.length > 0 && dice.chance(share)
      ? { ...value, added: drawAdded(dice, value.items.length) }
      : value;
  return Object.fromEntries(
    Object.entries(flows).map(([name, flow]) => [name, JSON.parse(JSON.stringify(flow), grown) as Block]),
  );
}

const isList = (value: unknown): value is EachBlock =>
  typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'each';

function drawAdded(dice: Dice, plans: number): Added {
  const by = dice.pick([null, 'total', 'letter'] as const);
  const first = dice.between(0, plans);
  const most = dice.between(1, 3);
  const count = by === 'total' ? dice.between(1, first + 4) : dice.between(1, 3);
  return { first, most, bad: dice.chance(0.4), last: by && { by, count } };
}

/** What the node says of it. */
export function moreOf({ id, added }: EachBlock): Pick<EachRule, 'more'> {
  if (!added) return {};
  const { last } = added;
  return {
    more: {
      message: 'letter',
      match: new Map([
        ['receipt', path('input.receipt')],
        ['node', literal(borderOf(id))],
      ]),
      keepMs: null,
      items: path('result.items'),
      last:
        last === null
          ? null
          : last.by === 'total'
            ? expr(`each.total >= ${last.count}`, ['each.total'], (total) => Number(total) >= last.count)
            : expr('result.last == true', ['result.last'], (said) => said === true),
    },
  };
}

/** Whether the letter of that number brings nothing that could be read. */
export const isBad = ({ id, added }: EachBlock, receipt: string, number: number): boolean =>
  added?.bad === true && (number + receipt.length + id.length) % 4 === 0;

/** What is in the letter of that number: other items than in every other. */
export function broughtBy(list: EachBlock, receipt: string, number: number): JsonObject {
  const { id, added } = list;
  if (isBad(list, receipt, number)) return { items: 'none' };
  const count = 1 + ((number * 5 + receipt.length + id.length) % (added?.most ?? 1));
  const items = Array.from({ length: count }, (_, at) => `${id} letter ${number} to ${receipt}, ${at}`);
  return { items, last: added?.last?.by === 'letter' && number >= added.last.count };
}

/** What a person adds with that word, and whether it says that there are all. */
export const saidBy = (id: string, word: number, closes: boolean): readonly string[] =>
  Array.from({ length: 1 + (word % 2) }, (_, at) => `${id} word ${word}, ${at}${closes ? CLOSING : ''}`);
const CLOSING = ' and no more';

/** Whether no more were to come, after what has come: then it is over with its items. */
export function isWhole({ added }: EachBlock, came: readonly string[]): boolean {
  if (!added?.last || came.some((text) => text.endsWith(CLOSING))) return true;
  const { by, count } = added.last;
  if (by === 'total') return added.first + came.length >= count;
  return came.some((text) => Number(/ letter (\d+) to /.exec(text)?.[1] ?? 0) >= count);
}

/** Lists that grow, by flow and node. */
export const growingIn = (flows: Readonly<Record<string, Block>>): ReadonlyMap<string, EachBlock> =>
  new Map(
    Object.entries(flows).flatMap(([flow, block]) =>
      allOf(block).flatMap((one) => (one.kind === 'each' && one.added ? [[`${flow} ${one.id}`, one] as const] : [])),
    ),
  );

/** The constructs that it stands for. */
export const markedAdded = ({ added }: EachBlock): readonly string[] =>
  added ? ['each.more', ...(added.bad ? ['each.bad'] : []), ...(added.last ? [`each.last-${added.last.by}`] : [])] : [];

export const printAdded = ({ added }: EachBlock): string =>
  added
    ? `, ${added.first} of them at first, up to ${added.most} more by letter${added.last ? ` until ${added.last.by} ${added.last.count}` : ''}`
    : '';
