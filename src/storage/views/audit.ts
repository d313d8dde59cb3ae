import { ACTIVE, type InstanceStatus, isOver } from '../../core/flow/instance.js';
import type { AuditPage, AuditPlace } from '../../engine/ports/views.js';
import type { Row, Session, Sql } from '../sql/session.js';
import { NODE } from '../store/tables.js';

const ACTIVE_OF = {
  columns: 't.instance',
  table: NODE.name,
  key: ['instance'],
  where: `t.status IN (${ACTIVE.map((status) => `'${status}'`).join(', ')})`,
};

/**
 * Looks at the next instances along the index of flow, status and id: each statement reads one run of it, so that a
 * page costs the same however many instances there are.
 */
export function audit(
  sql: Sql,
  statuses: readonly InstanceStatus[],
  after: AuditPlace | null,
  limit: number,
): Promise<AuditPage> {
  return sql.reading(async (session) => {
    const place = after ?? (await firstOf(session, statuses, ''));
    if (place === null) return { looked: 0, odd: [], next: null };
    const rows = await session.rows(auditSql(session, limit), [place.flow, place.status, place.id]);
    const odd = await oddOf(session, rows);
    const last = rows.at(-1);
    if (rows.length === limit && last !== undefined) {
      return { looked: rows.length, odd, next: { ...place, id: String(last['id']) } };
    }
    const status = statuses[statuses.indexOf(place.status) + 1];
    const next = status === undefined ? await firstOf(session, statuses, place.flow) : { ...place, status, id: '' };
    return { looked: rows.length, odd, next };
  });
}

/** Asks for flow, status and the id to go on after. */
export function auditSql(session: Pick<Session, 'index'>, limit: number): string {
  const from = `FROM instance ${session.index('instance_by_status')}`;
  return `SELECT id, status, active ${from} WHERE flow = ? AND status = ? AND id > ? ORDER BY id LIMIT ${limit}`;
}

/** The first place of the next flow; one step along the index. */
async function firstOf(
  session: Session,
  [status]: readonly InstanceStatus[],
  flow: string,
): Promise<AuditPlace | null> {
  const [row] = await session.rows('SELECT MIN(flow) AS flow FROM instance WHERE flow > ?', [flow]);
  if (status === undefined || row?.['flow'] == null) return null;
  return { flow: String(row['flow']), status, id: '' };
}

async function oddOf(session: Session, rows: readonly Row[]): Promise<string[]> {
  const counts = new Map<string, number>();
  const keys = rows.map(({ id }) => [String(id)]);
  for (const row of await session.find(ACTIVE_OF, keys)) {
    const id = String(row['instance']);
    counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  return rows.flatMap((row) => {
    const active = counts.get(String(row['id'])) ?? 0;
    const over = isOver(String(row['status']) as InstanceStatus);
    return active === Number(row['active']) && over === (active === 0) ? [] : [String(row['id'])];
  });
}
