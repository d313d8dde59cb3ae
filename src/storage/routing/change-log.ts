import type { RoutingChange } from '../../engine/health/orders/order-store.js';
import { isDuplicate, type Session, type Sql } from '../sql/session.js';
import { ROUTING_CHANGE } from '../store/tables.js';

const TRIES = 20;

/** The number of the last change of what the router goes by. */
export async function lastChange(session: Session): Promise<number> {
  const [row] = await session.rows(`SELECT MAX(id) AS last FROM ${ROUTING_CHANGE.name}`);
  return Number(row?.['last'] ?? 0);
}

/** Numbers are given without gaps: of two at the same time one finds its number taken, and does it all again. */
export async function changing<T>(sql: Sql, work: (session: Session, at: number) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await sql.transaction(async (session) => work(session, await session.now()));
    } catch (error) {
      if (tries >= TRIES || !isDuplicate(error)) throw error;
    }
  }
}

/** Writes one line. */
export async function log(session: Session, change: Omit<RoutingChange, 'id'>): Promise<void> {
  const { kind, ref, reason, detail, by, at } = change;
  const id = (await lastChange(session)) + 1;
  await session.insert(ROUTING_CHANGE, [[id, kind, ref, reason, JSON.stringify(detail), by, at]]);
}
