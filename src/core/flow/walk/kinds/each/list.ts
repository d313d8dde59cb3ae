import type { CallNode, TaskNode } from '../../../../definition/definition.js';
import { type EachRule, pageVisit } from '../../../../definition/work/each.js';
import { type Json, jsonBytes } from '../../../../json.js';
import type { NodeInstance } from '../../../instance.js';
import type { Draft } from '../../draft.js';
import { isProblem, Problem } from '../../problem.js';
import { visitTo } from '../../world.js';
import type { Progress } from './progress.js';

/** A node that is done once for each item. */
export type EachNode = (TaskNode | CallNode) & { readonly each: EachRule };

/** Most items of a page, and most bytes of it unless one item has more: whoever does an item reads its page. */
const PAGE_ITEMS = 500;
const PAGE_BYTES = 65_536;
/** Most items that wait for their turn with a partner of their own: these are kept in the instance's row. */
const MOST_PARTNERS = 2_000;

/**
 * The progress with items behind those that there are: of a list, or of a whole number for the items 1 to it.
 * @param source what gave them, for people.
 */
export function withItems(
  draft: Draft,
  node: EachNode,
  before: Progress,
  items: Json,
  source = node.each.list.text,
): Progress | Problem {
  const many = Array.isArray(items) ? items.length : items;
  if (typeof many !== 'number' || !Number.isInteger(many) || many < 0) {
    const message = `Expected '${source}' of '${node.id}' to give a list or a whole number, but it gave ${JSON.stringify(items).slice(0, 80)}. Correct what it reads, then retry.`;
    return new Problem('BAD_EACH', message);
  }
  const total = before.total + many;
  if (total > node.each.limit) return tooMany(node, before.total, many);
  const by = partnersOf(draft, node, items, before.total);
  const waiting = by && [...(before.by ?? []), ...by];
  if (waiting && waiting.length > MOST_PARTNERS) {
    const message = `Expected at most ${MOST_PARTNERS} items of '${node.id}' that wait for their turn, each with a partner of its own, but there are ${waiting.length}. Hand the items over in parts, each to an instance of its own, or let \`circuit\` read no item.`;
    return new Problem('EACH_TOO_MANY', message);
  }
  return { ...before, total, ...(waiting && { by: waiting }) };
}

function tooMany({ id, each }: EachNode, before: number, many: number): Problem {
  const { limit, list } = each;
  const message =
    before === 0
      ? `Expected at most ${limit} items for '${id}', but '${list.text}' has ${many}. Raise \`limit\`, or hand the items over in parts, each to an instance of its own.`
      : `Expected at most ${limit} items for '${id}', but it has ${before}, and ${many} more have come. Raise \`limit\`, and let \`last\` say when there are enough.`;
  return new Problem('EACH_TOO_MANY', message);
}

/**
 * Keeps items as they are now, in rows of their own: nothing that is decided reads them, and items that go on unseen need
 * them even when the node is over.
 */
export function keepItems(draft: Draft, row: NodeInstance, before: number, items: Json): void {
  for (const [from, page] of pagesOf(items, before)) keepPage(draft, row, from, page);
}

/** A whole number is kept as it is. */
function* pagesOf(items: Json, before: number): Generator<readonly [from: number, page: Json]> {
  if (!Array.isArray(items)) {
    if (items !== 0) yield [before, items];
    return;
  }
  for (let from = 0; from < items.length; ) {
    let to = from;
    for (let bytes = 0; to < items.length && to < from + PAGE_ITEMS; to++) {
      bytes += jsonBytes(items[to] as Json) + 1;
      if (bytes > PAGE_BYTES && to > from) break;
    }
    yield [before + from, items.slice(from, to) as Json];
    from = to;
  }
}

function keepPage(draft: Draft, { node, visit }: NodeInstance, from: number, items: Json): void {
  const place = { node, visit: pageVisit(visit, from) };
  draft.put({ ...visitTo(place, [], { node, visit }, draft.at), status: 'done', endedAt: draft.at });
  draft.outputs.push({ ...place, output: items });
}

/** By item whose health counts, if that is read from the items: later nobody here has them at hand. */
function partnersOf(draft: Draft, node: EachNode, items: Json, before: number): (string | null)[] | null {
  const { as } = node.each;
  const circuit = node.kind === 'task' ? (node as TaskNode).circuit : null;
  if (!circuit?.by.reads.some(([root]) => root === as || root === 'index')) return null;
  const list = Array.isArray(items)
    ? (items as readonly Json[])
    : Array.from({ length: Number(items) }, (_, n) => n + 1);
  return list.map((item, place) => {
    const index = before + place;
    const value = draft.evaluate(null, (scope) =>
      circuit.by.value(Object.assign(Object.create(null), scope, { [as]: item, index })),
    );
    if (isProblem(value) || value === null || typeof value === 'object' || value === '') return null;
    return String(value);
  });
}
