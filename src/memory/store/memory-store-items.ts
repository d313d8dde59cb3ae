import { isUndo, itemOf, visitOf } from '../../core/definition/work/each.js';
import type { ItemResult } from '../../core/flow/event.js';
import type { Json } from '../../core/json.js';
import type { NodeKey } from '../../engine/ports/store.js';
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
      node.status === 'done' &&
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
