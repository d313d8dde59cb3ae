import type { JsonObject } from '../../core/json.js';
import type { ManualTaskFilter, ManualTaskView, Page } from '../../engine/ports/views.js';
import type { Row, Sql, Value } from '../sql/session.js';
import { MANUAL } from '../store/tables.js';
import { keysOf, pageOf, pageSize } from './cursor.js';

const COLUMNS = `${MANUAL.columns.map((column) => `t.${column}`).join(', ')}, i.business_key AS business_key, i.version AS now_in`;
const FROM = `FROM ${MANUAL.name} t JOIN instance i ON i.id = t.instance`;
const AFTER =
  '(t.opened_at > ? OR (t.opened_at = ? AND (t.instance > ? OR (t.instance = ? AND (t.node > ? OR (t.node = ? AND t.visit > ?))))))';

/** What people are asked to do, the oldest first. */
export async function listManualTasks(sql: Sql, filter: ManualTaskFilter): Promise<Page<ManualTaskView>> {
  const limit = pageSize(filter.limit);
  const [at = 0, instance = '', node = '', visit = 0] = keysOf(filter.cursor, 4) ?? [];
  const conditions: (readonly [string, readonly Value[]])[] = [
    ...(filter.instance === undefined ? [] : [['t.instance = ?', [filter.instance]] as const]),
    ...(filter.flow === undefined ? [] : [['t.flow = ?', [filter.flow]] as const]),
    ...(filter.assignee === undefined ? [] : [['t.assignee = ?', [filter.assignee]] as const]),
    ...(filter.assignees === undefined ? [] : [forSome(filter.assignees)]),
    ...(at === 0 ? [] : [[AFTER, [at, at, instance, instance, node, node, visit]] as const]),
  ];
  const where = conditions.length > 0 ? `WHERE ${conditions.map(([text]) => text).join(' AND ')} ` : '';
  const rows = await sql.reading((session) =>
    session.rows(
      `SELECT ${COLUMNS} ${FROM} ${where}ORDER BY t.opened_at, t.instance, t.node, t.visit LIMIT ${limit + 1}`,
      conditions.flatMap(([, values]) => values),
    ),
  );
  return pageOf(rows, limit, taskOf, (row) => [
    row['opened_at'] ?? 0,
    row['instance'] ?? '',
    row['node'] ?? '',
    row['visit'] ?? 0,
  ]);
}

/** Nobody is nobody's: an empty list finds nothing. */
function forSome(assignees: readonly (string | null)[]): readonly [string, readonly Value[]] {
  const named = assignees.filter((one) => one !== null);
  const texts = [
    ...(named.length > 0 ? [`t.assignee IN (${named.map(() => '?').join(', ')})`] : []),
    ...(assignees.includes(null) ? ['t.assignee IS NULL'] : []),
  ];
  return [texts.length === 0 ? '1 = 0' : `(${texts.join(' OR ')})`, named];
}

const numberOrNull = (value: Value | undefined): number | null => (value == null ? null : Number(value));

const taskOf = (row: Row): ManualTaskView => ({
  instance: String(row['instance']),
  node: String(row['node']),
  visit: Number(row['visit']),
  flow: String(row['flow']),
  // The instance may go on in another version since.
  version: Number(row['now_in']),
  key: row['business_key'] == null ? null : String(row['business_key']),
  assignee: row['assignee'] == null ? null : String(row['assignee']),
  shown: row['shown'] == null ? null : (JSON.parse(String(row['shown'])) as JsonObject),
  openedAt: Number(row['opened_at']),
  dueAt: numberOrNull(row['due_at']),
  expiresAt: numberOrNull(row['expires_at']),
});
