import type { EachBlock } from '../block.js';
import { isWhole } from './added.js';
import { itemText, planAt } from './each-block.js';
import { countedBy } from './each-node.js';

/** What came of an item: `open` when it still waits for what it has called. */
export type ItemEnd = 'done' | 'failed' | 'incident' | 'open' | 'cancelled' | 'none';

/** What is to be told of its items: where that goes, and what is known. */
interface Telling {
  readonly stuck: string[];
  readonly held: string[];
  readonly ends: readonly ItemEnd[];
  /** What has come to it after its list was read. */
  readonly came: readonly string[];
  readonly gives: (unit: string, item: number, text: string) => void;
}

/** Counts what came of the items of a visit, and tells whether its node goes on because of it. */
export function tellItems(block: EachBlock, unit: string, { ends, came, gives, stuck, held }: Telling): ItemCounts {
  const counts = { done: 0, yes: 0, failed: 0 };
  for (const [item, end] of ends.entries()) {
    const name = `${unit}.${item}`;
    if (end === 'done') {
      counts.done++;
      counts.yes += Number(planAt(block, item)?.no !== true);
      gives(name, item, came[item - (ends.length - came.length)] ?? itemText(block, item));
    }
    if (end === 'failed') counts.failed++;
    if (end === 'incident') stuck.push(name);
    if (end === 'open') held.push(name);
  }
  const { until } = block;
  const enough = until !== null && counts[until.by] >= until.count;
  const closes = enough || (counts.done + counts.failed === ends.length && isWhole(block, came));
  return { ...counts, enough, closes, counted: enough ? until.count : counts[countedBy(block)] };
}

export interface ItemCounts {
  readonly done: number;
  readonly yes: number;
  readonly failed: number;
  readonly enough: boolean;
  readonly closes: boolean;
  /** What decided, at the moment when there were enough or no more. */
  readonly counted: number;
}
