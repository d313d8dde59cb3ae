import { isUndo, itemOf, visitOf } from '../definition/work/each.js';
import type { Instance, NodeInstance } from '../flow/instance.js';
import { keyOf } from '../flow/walk/world.js';
import type { JsonObject } from '../json.js';

export interface ItemCounts {
  readonly done: number;
  /** Items of the list; when the node is over, those that began. */
  readonly total: number;
  /** More may still come. */
  readonly open: boolean;
}

/** How many items of a visit are done, of how many; `null` for what is no visit with items. */
export function itemCounts(
  { state }: Pick<Instance, 'state'>,
  rows: readonly NodeInstance[],
  { node, visit }: Pick<NodeInstance, 'node' | 'visit'>,
): ItemCounts | null {
  if (itemOf(visit) !== null || isUndo(visit)) return null;
  const items = rows.filter(
    (row) => row.node === node && visitOf(row.visit) === visit && (itemOf(row.visit) ?? -1) >= 0 && !isUndo(row.visit),
  );
  const kept = (state.facts[keyOf({ node, visit })] as JsonObject | undefined)?.['each'] as JsonObject | undefined;
  if (items.length === 0 && !kept) return null;
  return {
    done: items.filter(({ status, error }) => status === 'done' && !error).length,
    total: Number(kept?.['total'] ?? items.length),
    open: kept?.['open'] === true && kept['ended'] === undefined,
  };
}
