import type { JsonObject } from '../../core/json.js';
import { type AuditEntry, type AuditFilter, AuditTrail } from '../../engine/operate/audit/audit-trail.js';
import type { Page } from '../../engine/ports/views.js';
import { isPlain, type Row, type Sql, type Value } from '../sql/session.js';
import { AUDIT_ENTRY } from '../store/tables.js';
import { keysOf, pageOf, pageSize } from './cursor.js';

/** Who did what, in SQL. */
export class SqlAuditTrail extends AuditTrail {
  constructor(private readonly sql: Sql) {
    super();
  }

  append({ id, who, action, flow, instance, node, status, detail }: Omit<AuditEntry, 'at'>): Promise<void> {
    return this.sql.transaction(async (session) => {
      const at = await session.now();
      const row = [id, at, who, action, flow, instance, node, status, JSON.stringify(detail)];
      await session.insert(AUDIT_ENTRY, [row]);
    });
  }

  async list({ flow, instance, who, cursor, limit }: AuditFilter): Promise<Page<AuditEntry>> {
    if (![flow ?? '', instance ?? ''].every(isPlain)) return { items: [], next: null };
    const [after] = keysOf(cursor, 1) ?? [];
    const wanted: (readonly [string, Value | undefined])[] = [
      ['flow = ?', flow],
      ['instance = ?', instance],
      ['who = ?', who],
      ['id < ?', typeof after === 'string' && isPlain(after) ? after : undefined],
    ];
    const given = wanted.flatMap(([text, value]) => (value === undefined ? [] : [{ text, value }]));
    const where = given.length > 0 ? `WHERE ${given.map(({ text }) => text).join(' AND ')} ` : '';
    const most = pageSize(limit);
    const rows = await this.sql.reading((session) =>
      session.rows(
        `SELECT ${AUDIT_ENTRY.columns.join(', ')} FROM ${AUDIT_ENTRY.name} ${where}ORDER BY id DESC LIMIT ${most + 1}`,
        given.map(({ value }) => value),
      ),
    );
    return pageOf(rows, most, entryOf, (row) => [String(row['id'])]);
  }
}

const text = (value: Value | undefined): string | null => (value == null ? null : String(value));

const entryOf = (row: Row): AuditEntry => ({
  id: String(row['id']),
  at: Number(row['at']),
  who: String(row['who']),
  action: String(row['action']),
  flow: text(row['flow']),
  instance: text(row['instance']),
  node: text(row['node']),
  status: Number(row['status']),
  detail: JSON.parse(String(row['detail'])) as JsonObject,
});
