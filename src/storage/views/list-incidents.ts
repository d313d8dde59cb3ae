import type { OpenIncident, Page } from '../../engine/ports/views.js';
import type { Row, Session, Sql, Value } from '../sql/session.js';
import { keysOf, pageOf, pageSize } from './cursor.js';

const COLUMNS =
  't.instance, t.node, t.visit, t.raised_at, t.code, t.message, t.open_at, i.flow AS flow, i.business_key AS business_key';
const FROM = 'FROM incident t JOIN instance i ON i.id = t.instance';

/** Open incidents, newest first. */
export async function listIncidents(
  sql: Sql,
  page: { readonly cursor?: string; readonly limit: number },
): Promise<Page<OpenIncident>> {
  const limit = pageSize(page.limit);
  const after = keysOf(page.cursor, 4);
  const [at = 0, instance = '', node = '', visit = 0] = after ?? [];
  const rest =
    't.open_at < ? OR (t.open_at = ? AND (t.instance < ? OR (t.instance = ? AND (t.node < ? OR (t.node = ? AND t.visit < ?)))))';
  const values: Value[] = after === null ? [] : [at, at, instance, instance, node, node, visit];
  const rows = await sql.reading((session) =>
    session.rows(
      `SELECT ${COLUMNS} ${FROM} WHERE t.open_at IS NOT NULL ${after === null ? '' : `AND (${rest})`} ` +
        `ORDER BY t.open_at DESC, t.instance DESC, t.node DESC, t.visit DESC LIMIT ${limit + 1}`,
      values,
    ),
  );
  return pageOf(rows, limit, incidentOf, (row) => [
    row['open_at'] ?? 0,
    row['instance'] ?? '',
    row['node'] ?? '',
    row['visit'] ?? 0,
  ]);
}

/** Those of one instance, by time. */
export function incidentsOf(session: Session, instance: string): Promise<readonly Row[]> {
  return session.rows(
    `SELECT ${COLUMNS} ${FROM} WHERE t.instance = ? AND t.open_at IS NOT NULL ORDER BY t.open_at, t.node, t.visit`,
    [instance],
  );
}

export function incidentOf(row: Row): OpenIncident {
  const [instance, node, visit] = [String(row['instance']), String(row['node']), Number(row['visit'])];
  const raisedAt = Number(row['raised_at']);
  return {
    id: `${instance}.${node}.${visit}.${raisedAt}`,
    instance,
    flow: String(row['flow']),
    key: row['business_key'] == null ? null : String(row['business_key']),
    node,
    visit,
    code: String(row['code']),
    message: String(row['message']),
    raisedAt,
  };
}
