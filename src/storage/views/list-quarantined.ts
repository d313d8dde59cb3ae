import type { JsonObject } from '../../core/json.js';
import type { Page, QuarantineView } from '../../engine/ports/views.js';
import type { Row, Sql } from '../sql/session.js';
import { QUARANTINE } from '../store/tables.js';
import { keysOf, pageOf, pageSize } from './cursor.js';

/** Unusable messages, newest first. */
export async function listQuarantined(
  sql: Sql,
  page: { readonly cursor?: string; readonly limit: number },
): Promise<Page<QuarantineView>> {
  const limit = pageSize(page.limit);
  const after = keysOf(page.cursor, 1);
  const rows = await sql.reading((session) =>
    session.rows(
      `SELECT ${QUARANTINE.columns.join(', ')} FROM ${QUARANTINE.name} ${after === null ? '' : 'WHERE id < ?'} ` +
        `ORDER BY id DESC LIMIT ${limit + 1}`,
      after ?? [],
    ),
  );
  return pageOf(rows, limit, quarantineOf, (row) => [String(row['id'])]);
}

function quarantineOf(row: Row): QuarantineView {
  return {
    id: String(row['id']),
    source: String(row['source']) as QuarantineView['source'],
    code: String(row['code']),
    reason: String(row['reason']),
    exchange: String(row['exchange']),
    routingKey: String(row['routing_key']),
    headers: JSON.parse(String(row['headers'])) as JsonObject,
    body: String(row['body']),
    encoding: String(row['encoding']) as QuarantineView['encoding'],
    size: Number(row['size']),
    sha256: String(row['sha256']),
    at: Number(row['kept_at']),
  };
}
