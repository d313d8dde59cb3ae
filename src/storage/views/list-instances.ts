import type { Instance } from '../../core/flow/instance.js';
import type { InstanceFilter, Page } from '../../engine/ports/views.js';
import { isPlain, type Sql, type Value } from '../sql/session.js';
import { instanceOf } from '../store/mappers.js';
import { INSTANCE_COLUMNS } from '../store/tables.js';
import { keysOf, pageOf, pageSize } from './cursor.js';

/** Instances by descending id, which is newest first. */
export async function listInstances(sql: Sql, filter: InstanceFilter): Promise<Page<Instance>> {
  const limit = pageSize(filter.limit);
  const where: string[] = [];
  const values: Value[] = [];
  const and = (condition: string, value: Value): void => {
    where.push(condition);
    values.push(value);
  };
  if (filter.play !== undefined) and('p.play = ?', filter.play);
  if (filter.flow !== undefined) and('flow = ?', filter.flow);
  if (filter.status !== undefined) and('status = ?', filter.status);
  if (filter.key !== undefined) and(`business_key LIKE ? ESCAPE '!'`, startingWith(filter.key));
  const after = keysOf(filter.cursor, 1);
  if (!isPlain(filter.flow ?? null) || !isPlain(filter.play ?? null) || !isPlain(after?.[0] ?? null))
    return { items: [], next: null };
  if (after !== null) and(filter.play === undefined ? 'id < ?' : 'p.instance < ?', String(after[0]));
  const conditions = where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`;
  const from = filter.play === undefined ? 'instance' : 'play_instance p JOIN instance ON id = p.instance';
  const order = filter.play === undefined ? 'id' : 'p.instance';
  const rows = await sql.reading((session) =>
    session.rows(
      `SELECT ${INSTANCE_COLUMNS} FROM ${from} ${conditions} ORDER BY ${order} DESC LIMIT ${limit + 1}`,
      values,
    ),
  );
  return pageOf(rows, limit, instanceOf, (row) => [String(row['id'])]);
}

const startingWith = (prefix: string): string => `${prefix.replace(/[!%_]/g, '!$&')}%`;
