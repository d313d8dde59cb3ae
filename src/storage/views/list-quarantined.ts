import type { JsonObject } from '../../core/json.js';
import type { Page, QuarantineFilter, QuarantineView } from '../../engine/ports/views.js';
import { isPlain, type Row, type Sql, type Value } from '../sql/session.js';
import { QUARANTINE } from '../store/tables.js';
import { keysOf, pageOf, pageSize } from './cursor.js';

/** A page of whole bodies could be 200 MiB. */
const COLUMNS = QUARANTINE.columns.map((column) => (column === 'body' ? 'SUBSTR(body, 1, 4096) AS body' : column));

/** Unusable messages, newest first. */
export async function listQuarantined(sql: Sql, { state, ...page }: QuarantineFilter): Promise<Page<QuarantineView>> {
  const limit = pageSize(page.limit);
  const [after] = keysOf(page.cursor, 1) ?? [];
  const wanted: [string, Value | undefined][] = [
    ['state = ?', state],
    ['id < ?', after],
  ];
  const asked = wanted.filter((one): one is [string, Value] => one[1] !== undefined);
  const where = asked.length === 0 ? '' : `WHERE ${asked.map(([condition]) => condition).join(' AND ')} `;
  const rows = await sql.reading((session) =>
    session.rows(
      `SELECT ${COLUMNS.join(', ')} FROM ${QUARANTINE.name} ${where}ORDER BY id DESC LIMIT ${limit + 1}`,
      asked.map(([, value]) => value),
    ),
  );
  return pageOf(rows, limit, quarantineOf, (row) => [String(row['id'])]);
}

/** One unusable message, with all of its body that is kept. */
export async function showQuarantined(sql: Sql, id: string): Promise<QuarantineView | null> {
  if (!isPlain(id)) return null;
  const [row] = await sql.reading((session) =>
    session.rows(`SELECT ${QUARANTINE.columns.join(', ')} FROM ${QUARANTINE.name} WHERE id = ?`, [id]),
  );
  return row === undefined ? null : quarantineOf(row);
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
    state: String(row['state']) as QuarantineView['state'],
    replays: Number(row['replays']),
    handledBy: row['handled_by'] == null ? null : String(row['handled_by']),
    handledAt: row['handled_at'] == null ? null : Number(row['handled_at']),
  };
}
