import type { EachBlock } from '../block.js';
import { itemText } from './each-block.js';
import { countedBy } from './each-node.js';

/** What came of an item: `open` when it still waits for what it has called. */
export type ItemEnd = 'done' | 'failed' | 'incident' | 'open' | 'cancelled' | 'none';

/** What is to be told of its items: where that goes, and what is known. */
interface Telling {
  readonly stuck: string[];
  readonly held: string[];
  readonly ends: readonly ItemEnd[];
  readonly gives: (unit: string, item: number, text: string) => void;
}

/** Counts what came of the items of a visit, and tells whether its node goes on because of it. */
export function tellItems(block: EachBlock, unit: string, { ends, gives, stuck, held }: Telling): ItemCounts {
  const counts = { done: 0, yes: 0, failed: 0 };
  for (const [item, end] of ends.entries()) {
    const name = `${unit}.${item}`;
    if (end === 'done') {
      counts.done++;
      counts.yes += Number(block.items[item]?.no !== true);
      gives(name, item, itemText(block, item));
    }
    if (end === 'failed') counts.failed++;
    if (end === 'incident') stuck.push(name);
    if (end === 'open') held.push(name);
  }
  const { until, items } = block;
  const enough = until !== null && counts[until.by] >= until.count;
  const closes = enough || counts.done + counts.failed === items.length;
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
