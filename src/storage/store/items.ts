import { ITEM_STRIDE, itemOf, itemVisit, pageFrom, pageVisit } from '../../core/definition/work/each.js';
import type { ItemResult } from '../../core/flow/event.js';
import { type NodeStatus, wasDone } from '../../core/flow/instance.js';
import type { Json } from '../../core/json.js';
import type { ItemPage, NodeKey } from '../../engine/ports/store.js';
import type { Sql } from '../sql/session.js';
import { failureOf } from './mappers.js';
import { NODE } from './tables.js';

/** Items read by one statement: outputs can be large. */
const PAGE = 200;
const ITEMS = { table: NODE.name, key: ['instance', 'node'], columns: 't.visit, t.status, t.error, t.output' };

/** The output of one node instance. */
export function readOutput(sql: Sql, { instance, node, visit }: NodeKey): Promise<Json> {
  return sql.reading(async (session) => {
    const [row] = await session.find({ table: NODE.name, key: NODE.key, columns: 't.output' }, [
      [instance, node, visit],
    ]);
    return row?.['output'] == null ? null : (JSON.parse(String(row['output'])) as Json);
  });
}

/** The page that has an item: of those that begin with it or before it, the last one. */
export function readPage(sql: Sql, { instance, node, visit }: NodeKey, item: number): Promise<ItemPage | null> {
  const [least, last] = [pageVisit(visit, 0), pageVisit(visit, item)];
  return sql.reading(async (session) => {
    const [row] = await session.rows(
      `SELECT t.visit, t.output FROM ${NODE.name} t WHERE t.instance = ? AND t.node = ? AND t.visit BETWEEN ? AND ? ` +
        `AND (t.visit - ${least}) % ${ITEM_STRIDE} = 0 ORDER BY t.visit DESC LIMIT 1`,
      [instance, node, least, last],
    );
    if (row?.['output'] == null) return null;
    return { from: pageFrom(Number(row['visit'])), items: JSON.parse(String(row['output'])) as ItemPage['items'] };
  });
}

/** What became of the items of a node instance, page by page, until there is too much of it. */
export function readItems(sql: Sql, { instance, node, visit }: NodeKey, most: number): Promise<ItemResult[] | null> {
  return sql.reading(async (session) => {
    const found: ItemResult[] = [];
    let characters = 0;
    for (let from = 0; ; from += PAGE) {
      const [least, last] = [itemVisit(visit, from), itemVisit(visit, from + PAGE - 1)];
      const where = `t.visit BETWEEN ${least} AND ${last} AND (t.visit - ${least}) % ${ITEM_STRIDE} = 0`;
      const rows = await session.find({ ...ITEMS, where }, [[instance, node]]);
      for (const row of rows) {
        if (!wasDone(row['status'] as NodeStatus)) continue;
        const text = row['output'] == null ? 'null' : String(row['output']);
        characters += text.length;
        const item = itemOf(Number(row['visit'])) ?? 0;
        found.push({ item, output: JSON.parse(text) as Json, error: failureOf(row['error']) });
      }
      if (characters > most) return null;
      // Items begin in their order: behind a page without any there are none.
      if (rows.length === 0) return found.sort((a, b) => a.item - b.item);
    }
  });
}
