import { isPage, isUndo, itemOf, pageFrom, visitOf } from '../../core/definition/work/each.js';
import type { ItemResult } from '../../core/flow/event.js';
import { wasDone } from '../../core/flow/instance.js';
import type { Json } from '../../core/json.js';
import type { ItemPage, NodeKey } from '../../engine/ports/store.js';
import { copy, type MemoryRows } from '../memory-store-rows.js';

/** What became of the items of a node instance. */
export function itemsOf(rows: MemoryRows, { instance, node: id, visit }: NodeKey, most: number): ItemResult[] | null {
  const done = rows.entriesOf(instance).filter(({ node }) => {
    const item = itemOf(node.visit);
    return (
      node.node === id &&
      item !== null &&
      item >= 0 &&
      visitOf(node.visit) === visit &&
      wasDone(node.status) &&
      !isUndo(node.visit)
    );
  });
  if (done.reduce((sum, { output }) => sum + (output ?? 'null').length, 0) > most) return null;
  return done
    .map(({ node, output }) => {
      const item = itemOf(node.visit) ?? 0;
      return { item, output: JSON.parse(output ?? 'null') as Json, error: node.error && copy(node.error) };
    })
    .sort((a, b) => a.item - b.item);
}

/** The page that has an item: of those that begin with it or before it, the last one. */
export function pageWith(rows: MemoryRows, { instance, node: id, visit }: NodeKey, item: number): ItemPage | null {
  const [page] = rows
    .entriesOf(instance)
    .filter(({ node }) => node.node === id && isPage(node.visit) && visitOf(node.visit) === visit)
    .filter(({ node }) => pageFrom(node.visit) <= item)
    .sort((a, b) => b.node.visit - a.node.visit);
  if (page?.output == null) return null;
  return { from: pageFrom(page.node.visit), items: JSON.parse(page.output) as ItemPage['items'] };
}
