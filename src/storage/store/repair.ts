import type { IncidentCode } from '../../core/flow/transition.js';
import { DATABASE_TIMER, type Earliest, LANES, LEASED } from '../../core/routing/lane.js';
import type { Moved, NodeKey, StoredDispatch } from '../../engine/ports/store.js';
import type { Row, Session, Sql, Value } from '../sql/session.js';
import { nodeOf, nodeValues } from './mappers.js';
import { order } from './node-writes.js';
import { INCIDENT, NODE, NODE_ROW, QUARANTINE } from './tables.js';

/** What the loops ask: lost dispatches, due timers, held work, open incidents. */

const SWEEP_TIMEOUT_MS = 30_000;

const CAUSED = {
  columns: NODE_ROW,
  table: NODE.name,
  key: ['instance', 'cause_node', 'cause_visit'],
  where: `t.status IN ('ready', 'waiting') AND t.queue > 0`,
};
const BY_KEY = { columns: NODE_ROW, table: NODE.name, key: NODE.key };
const OF_FLOW = { columns: 't.id, t.flow, t.version', table: 'instance', key: ['id'] };

export function successors(sql: Sql, causes: readonly NodeKey[]): Promise<readonly StoredDispatch[]> {
  return sql.reading(async (session) => withFlow(session, await session.find(CAUSED, keysOf(causes))));
}

/** A deletion of nothing: servers that are read-only, and users who may not write, are refused it all the same. */
export function writable(sql: Sql): Promise<void> {
  return sql.transaction((session) => session.change({ table: QUARANTINE.name, key: QUARANTINE.key }, [['0']]));
}

/**
 * A row that is not due yet was dispatched anew since: hastening it would be wrong. A row that somebody else holds is
 * passed over: to wait for it would keep the others from those who complete them.
 */
export function touch(sql: Sql, held: readonly NodeKey[]): Promise<void> {
  if (held.length === 0) return Promise.resolve();
  return sql.transaction(async (session) => {
    const now = await session.now();
    const due = { columns: 't.instance, t.node, t.visit', where: `t.queue > 0 AND t.wake_at < ${now}`, claim: true };
    const rows = await session.find({ ...due, table: NODE.name, key: NODE.key }, keysOf(held));
    const keys = rows.map(keyOf);
    await session.change({ table: NODE.name, set: 'wake_at = ?', values: [now], key: NODE.key }, keys);
  }, SWEEP_TIMEOUT_MS);
}

export function claimLost(sql: Sql, queue: number, before: number, limit: number): Promise<readonly StoredDispatch[]> {
  return sql.transaction(async (session) => {
    const rows = await due(session, queue, before, limit);
    const now = await session.now();
    const keys = rows.map(keyOf);
    await session.change({ table: NODE.name, set: 'wake_at = ?', values: [now], key: NODE.key }, keys);
    return withFlow(
      session,
      rows.map((row) => ({ ...row, wake_at: now })),
    );
  }, SWEEP_TIMEOUT_MS);
}

export function claimDue(
  sql: Sql,
  limit: number,
  move: (due: StoredDispatch, now: number) => Moved,
): Promise<readonly StoredDispatch[]> {
  return sql.transaction(async (session) => {
    const now = await session.now();
    const moved = (await withFlow(session, await due(session, 0, now + 1, limit))).map((stored) => ({
      ...stored,
      node: { ...stored.node, wakeAt: now, dispatch: stored.node.dispatch + 1, ...move(stored, now) },
    }));
    const rows = moved.map(({ instance, node }) => nodeValues(instance, node, null));
    await session.upsert(NODE, rows.sort(byKey));
    return moved;
  }, SWEEP_TIMEOUT_MS);
}

/** One look into the index per queue: grouping would read all of it on the embedded file. */
export async function earliest(sql: Sql, queues: readonly number[] = Object.values(LANES)): Promise<Earliest> {
  const { now, rows } = await sql.reading((session) => {
    const from = `FROM ${NODE.name} ${session.index('node_due')}`;
    return session.rowsAndNow(
      [LEASED, DATABASE_TIMER, ...queues.map(Number)]
        .map((queue) => `SELECT ${queue} AS queue, MIN(wake_at) AS due ${from} WHERE queue = ${queue}`)
        .join(' UNION ALL '),
    );
  });
  const due = rows.flatMap(({ queue, due }) => (due == null ? [] : [[Number(queue), Number(due)] as const]));
  return Object.assign(new Map(due), { now });
}

export function incidentsWith(
  sql: Sql,
  code: IncidentCode,
  after: string,
  limit: number,
): Promise<readonly StoredDispatch[]> {
  return sql.reading(async (session) => {
    const open = await session.rows(
      `SELECT instance, node, visit FROM ${INCIDENT.name} WHERE open_code = ? AND instance > ? ` +
        `ORDER BY instance, node, visit LIMIT ${bounded(limit)}`,
      [code, after],
    );
    const keys = open.map(keyOf);
    return withFlow(session, (await session.find(BY_KEY, keys)).toSorted(byInstance));
  }, SWEEP_TIMEOUT_MS);
}

/** Rows due before a time, oldest first, locked for this transaction; others' locked rows are passed over. */
function due(session: Session, queue: number, before: number, limit: number): Promise<readonly Row[]> {
  return session.rows(dueSql(session, limit), [queue, before]);
}

/** Asks for queue and time. Read along the index, so that a backlog which is not due costs nothing. */
export function dueSql(session: Pick<Session, 'index' | 'claiming'>, limit: number): string {
  const from = `FROM ${NODE.name} t ${session.index('node_due')}`;
  const where = 'WHERE t.queue = ? AND t.wake_at < ?';
  return `SELECT ${NODE_ROW} ${from} ${where} ORDER BY t.wake_at LIMIT ${bounded(limit)} ${session.claiming}`;
}

/** Rows with the flows of their instances. */
export async function withFlow(session: Session, rows: readonly Row[]): Promise<StoredDispatch[]> {
  const ids = [...new Set(rows.map((row) => String(row['instance'])))].sort(order);
  const flows = new Map<string, Row>();
  for (const row of await session.find(
    OF_FLOW,
    ids.map((id) => [id]),
  ))
    flows.set(String(row['id']), row);
  return rows.flatMap((row) => {
    const instance = String(row['instance']);
    const flow = flows.get(instance);
    if (flow === undefined) return [];
    return [{ instance, flow: String(flow['flow']), version: Number(flow['version']), node: nodeOf(row) }];
  });
}

const bounded = (limit: number): number => Math.max(1, Math.trunc(limit));

function keysOf(nodes: readonly NodeKey[]): Value[][] {
  return nodes.map(({ instance, node, visit }): Value[] => [instance, node, visit]).sort(byKey);
}

const keyOf = (row: Row): Value[] => [row['instance'] ?? '', row['node'] ?? '', row['visit'] ?? 0];

export const byKey = (a: readonly Value[], b: readonly Value[]): number =>
  order(String(a[0]), String(b[0])) || order(String(a[1]), String(b[1])) || Number(a[2]) - Number(b[2]);

const byInstance = (a: Row, b: Row): number => order(String(a['instance']), String(b['instance']));
