import { DATABASE_TIMER, LANES } from '../../core/routing/lane.js';
import { DispatchViews, type SeenDispatch, type WaitingFilter } from '../../engine/operate/delays/dispatch-views.js';
import type { StoredDispatch } from '../../engine/ports/store.js';
import type { Page } from '../../engine/ports/views.js';
import { isPlain, type Row, type Session, type Sql, type Value } from '../sql/session.js';
import { nodeOf } from '../store/mappers.js';
import { order } from '../store/node-writes.js';
import { NODE, NODE_ROW, ROUTING_LANE } from '../store/tables.js';
import { keysOf, pageOf, pageSize } from '../views/cursor.js';

const QUEUES = [DATABASE_TIMER, ...Object.values(LANES)];
const NAMED = `SELECT number FROM ${ROUTING_LANE.name}`;
const SEEN = `${NODE_ROW}, i.flow AS flow, i.version AS version, i.business_key AS business_key`;
/** Instances looked at for decisions in one statement. */
const INSTANCES = 200;

/** Dispatches as people see them, in SQL. */
export class SqlDispatchViews extends DispatchViews {
  constructor(private readonly sql: Sql) {
    super();
  }

  /** One walk along the index per queue: a backlog that is due, or on another queue, costs nothing. */
  async waiting({ flow, lane, cursor, limit: asked }: WaitingFilter): Promise<Page<SeenDispatch>> {
    if (!isPlain(flow ?? null) || !isPlain(lane ?? null)) return { items: [], next: null };
    const limit = pageSize(asked);
    const after = keysOf(cursor, 4);
    const rows = await this.sql.reading(async (session) => {
      const now = await session.now();
      const found: Row[] = [];
      const named = (await session.rows(NAMED)).map(({ number }) => Number(number));
      for (const queue of [...QUEUES, ...named])
        found.push(...(await onQueue(session, { queue, now, flow, lane, after, limit })));
      return found.sort(byDue);
    });
    return pageOf(rows, limit, seenOf, placeOf);
  }

  latest(limit: number): Promise<readonly StoredDispatch[]> {
    return this.sql.reading(async (session) => {
      const found: StoredDispatch[] = [];
      for (let below: Value = null; found.length < limit; ) {
        const where: string = below === null ? '' : 'WHERE id < ?';
        const ids: readonly Row[] = await session.rows(
          `SELECT id FROM instance ${where} ORDER BY id DESC LIMIT ${INSTANCES}`,
          below === null ? [] : [below],
        );
        if (ids.length === 0) break;
        below = ids.at(-1)?.['id'] ?? null;
        const rows = await session.rows(
          `SELECT ${SEEN} FROM instance i JOIN ${NODE.name} t ON t.instance = i.id ` +
            `WHERE i.id IN (${ids.map(() => '?').join(', ')}) AND t.lane IS NOT NULL ` +
            'ORDER BY t.instance DESC, t.started_at DESC, t.node, t.visit',
          ids.map(({ id }) => id ?? null),
        );
        found.push(...rows.map(seenOf));
      }
      return found.slice(0, limit);
    });
  }
}

interface Asked {
  readonly queue: number;
  readonly now: number;
  readonly flow: string | undefined;
  readonly lane: string | undefined;
  readonly after: readonly Value[] | null;
  readonly limit: number;
}

function onQueue(session: Session, { queue, now, flow, lane, after, limit }: Asked): Promise<readonly Row[]> {
  const where = ['t.queue = ?', 't.wake_at > ?'];
  const values: Value[] = [queue, now];
  const and = (condition: string, ...more: Value[]): void => {
    where.push(condition);
    values.push(...more);
  };
  if (flow !== undefined) and('i.flow = ?', flow);
  if (lane !== undefined) and('t.lane = ?', lane);
  if (after) {
    const [due = 0, instance = '', node = '', visit = 0] = after;
    and('t.wake_at >= ?', due);
    const rest = 't.instance = ? AND (t.node > ? OR (t.node = ? AND t.visit > ?))';
    and(`(t.wake_at > ? OR t.instance > ? OR (${rest}))`, due, instance, instance, node, node, visit);
  }
  return session.rows(
    `SELECT ${SEEN} FROM ${NODE.name} t ${session.index('node_due')} JOIN instance i ON i.id = t.instance ` +
      `WHERE ${where.join(' AND ')} ORDER BY t.wake_at, t.instance, t.node, t.visit LIMIT ${limit + 1}`,
    values,
  );
}

const placeOf = (row: Row): readonly Value[] => [
  Number(row['wake_at']),
  String(row['instance']),
  String(row['node']),
  Number(row['visit']),
];

function byDue(a: Row, b: Row): number {
  const [due = 0, ...rest] = placeOf(a);
  const [other = 0, ...others] = placeOf(b);
  return Number(due) - Number(other) || order(rest.slice(0, 2).join(' '), others.slice(0, 2).join(' '));
}

const seenOf = (row: Row): SeenDispatch => ({
  instance: String(row['instance']),
  flow: String(row['flow']),
  version: Number(row['version']),
  key: row['business_key'] == null ? null : String(row['business_key']),
  node: nodeOf(row),
});
