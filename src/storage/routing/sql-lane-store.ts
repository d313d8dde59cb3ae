import {
  FIRST_NAMED,
  groupOf,
  LANES,
  type LaneState,
  MOST_GROUP_LANES,
  MOST_LANES,
  type NamedLane,
  USUAL_CONCURRENCY,
  type WantedLane,
} from '../../core/routing/lane.js';
import { LaneStore, type Opened } from '../../engine/health/lanes/lane-store.js';
import type { RoutingChangeKind } from '../../engine/health/orders/order-store.js';
import { lockEpoch } from '../health/sql-health-store.js';
import type { Row, Session, Sql, Value } from '../sql/session.js';
import { NODE, ROUTING_LANE } from '../store/tables.js';
import { changing, log } from './change-log.js';

/** Whoever looks after lanes is no person. */
const BY = 'sluice';
const ALL = `SELECT ${ROUTING_LANE.columns.join(', ')} FROM ${ROUTING_LANE.name} ORDER BY number`;
const KINDS: Readonly<Record<LaneState, RoutingChangeKind>> = {
  open: 'lane.opened',
  closing: 'lane.closing',
  closed: 'lane.closed',
  gone: 'lane.gone',
};

/** Named lanes in SQL. */
export class SqlLaneStore extends LaneStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  override async want(lanes: readonly WantedLane[], settles: boolean): Promise<Opened> {
    const rows = new Map(
      (await this.sql.reading((session) => session.rows(ALL))).map((row) => [String(row['name']), row]),
    );
    const isAsWanted = ({ name, concurrency }: WantedLane): boolean => {
      const row = rows.get(name);
      const same = !settles || concurrency === null || concurrency === row?.['concurrency'];
      return row?.['state'] === 'open' && same;
    };
    if (!lanes.every(isAsWanted)) return this.open(lanes, settles);
    await this.sql.transaction(async (session) => {
      const now = await session.now();
      const touch = { table: ROUTING_LANE.name, set: 'wanted_at = ?', values: [now], key: ROUTING_LANE.key };
      await session.change(
        touch,
        lanes
          .map(({ name }) => name)
          .sort()
          .map((name) => [name]),
      );
    });
    return { full: [], changed: false };
  }

  override async retire(unwantedMs: number): Promise<boolean> {
    const unwanted = async (session: Session): Promise<readonly Row[]> => {
      const before = (await session.now()) - unwantedMs;
      // Those of groups go with their groups.
      const where = "state = 'open' AND wanted_at < ? AND name NOT LIKE '%@%'";
      return session.rows(`SELECT name FROM ${ROUTING_LANE.name} WHERE ${where} ORDER BY name`, [before]);
    };
    if ((await this.sql.reading(unwanted)).length === 0) return false;
    return this.changing(async (session, at) => {
      const names = await unwanted(session);
      for (const { name } of names) await moveTo(session, String(name), 'closing', at);
      return names.length > 0;
    });
  }

  override async leaving(sinceMs: number): Promise<readonly NamedLane[]> {
    return this.sql.reading(async (session) => {
      const now = await session.now();
      const since = `state IN ('closing', 'closed') AND changed_at <= ${now - sinceMs}`;
      return (await session.rows(ALL.replace('ORDER BY', `WHERE ${since} ORDER BY`))).map(laneOf);
    });
  }

  override move(name: string, from: LaneState, to: LaneState): Promise<boolean> {
    return this.changing(async (session, at) => {
      const [row] = await session.rows(`SELECT state FROM ${ROUTING_LANE.name} WHERE name = ?`, [name]);
      if (row?.['state'] !== from) return false;
      await moveTo(session, name, to, at);
      return true;
    });
  }

  override async empty(limit: number): Promise<number> {
    const left = await this.sql.reading((session) =>
      session.rows(`SELECT number FROM ${ROUTING_LANE.name} WHERE state IN ('closed', 'gone') ORDER BY number`),
    );
    let moved = 0;
    for (const { number } of left) if (moved < limit) moved += await this.moveOut(Number(number), limit - moved);
    return moved;
  }

  /** One engine at a time: two would give two lanes one number. */
  private changing<T>(work: (session: Session, at: number) => Promise<T>): Promise<T> {
    return changing(this.sql, async (session, at) => {
      await lockEpoch(session);
      return work(session, at);
    });
  }

  private async moveOut(queue: number, limit: number): Promise<number> {
    const from = (session: Session) =>
      `SELECT t.instance, t.node, t.visit FROM ${NODE.name} t ${session.index('node_due')} WHERE t.queue = ?`;
    const some = await this.sql.reading((session) => session.rows(`${from(session)} LIMIT 1`, [queue]));
    if (some.length === 0) return 0;
    return this.sql.transaction(async (session) => {
      const rows = await session.rows(
        `${from(session)} ORDER BY t.wake_at LIMIT ${Math.max(1, Math.trunc(limit))} ${session.claiming}`,
        [queue],
      );
      const set = { set: "queue = ?, lane = 'normal'", values: [LANES.normal] };
      const keys = rows.map((row): Value[] => [row['instance'] ?? '', row['node'] ?? '', row['visit'] ?? 0]);
      await session.change({ table: NODE.name, ...set, key: NODE.key }, keys);
      return rows.length;
    });
  }

  private open(lanes: readonly WantedLane[], settles: boolean): Promise<Opened> {
    return this.changing(async (session, at) => {
      const rows = await session.rows(ALL);
      const known = new Map(rows.map((row) => [String(row['name']), row]));
      const there = rows.filter(({ state }) => state !== 'gone').map(({ name }) => String(name));
      const parts = there.filter((name) => groupOf(name) !== null).length;
      const free = { rules: MOST_LANES - (there.length - parts), groups: MOST_GROUP_LANES - parts };
      let last = Math.max(FIRST_NAMED - 1, ...rows.map((row) => Number(row['number'])));
      const full: string[] = [];
      let changed = false;
      for (const { name, concurrency } of lanes) {
        const row = known.get(name);
        const kind = groupOf(name) === null ? 'rules' : 'groups';
        if ((row === undefined || row['state'] === 'gone') && free[kind]-- <= 0) {
          full.push(name);
          continue;
        }
        const opens = row?.['state'] !== 'open';
        const before = row === undefined ? USUAL_CONCURRENCY : Number(row['concurrency']);
        const places = settles || opens ? (concurrency ?? before) : before;
        if (row === undefined) last += 1;
        const number = row === undefined ? last : Number(row['number']);
        const changedAt = opens ? at : Number(row?.['changed_at']);
        await session.upsert(ROUTING_LANE, [[name, number, places, 'open', at, changedAt]]);
        if (!opens && places === before) continue;
        const told = opens ? KINDS.open : 'lane.changed';
        await log(session, { kind: told, ref: name, reason: null, detail: { concurrency: places }, by: BY, at });
        changed = true;
      }
      return { full, changed };
    });
  }
}

async function moveTo(session: Session, name: string, to: LaneState, at: number): Promise<void> {
  const set = { set: 'state = ?, changed_at = ?', values: [to, at] };
  await session.change({ table: ROUTING_LANE.name, ...set, key: ROUTING_LANE.key }, [[name]]);
  await log(session, { kind: KINDS[to], ref: name, reason: null, detail: {}, by: BY, at });
}

/** Lanes that are there, or were a moment ago. */
export async function namedLanes(session: Session): Promise<readonly NamedLane[]> {
  return (await session.rows(ALL.replace('ORDER BY', "WHERE state <> 'gone' ORDER BY"))).map(laneOf);
}

const laneOf = (row: Row): NamedLane => ({
  name: String(row['name']),
  number: Number(row['number']),
  concurrency: Number(row['concurrency']),
  state: String(row['state']) as LaneState,
});
