import type { AnnouncedEngine } from '../../core/routing/health/groups.js';
import { type EngineHead, GroupStore } from '../../engine/health/groups/group-store.js';
import type { Moved, StoredDispatch } from '../../engine/ports/store.js';
import type { Sql, Value } from '../sql/session.js';
import { nodeValues } from '../store/mappers.js';
import { byKey, withFlow } from '../store/repair.js';
import { LIVE_ENGINE, NODE, NODE_ROW } from '../store/tables.js';

const HEADS = `SELECT engine, group_name, revision, up_until FROM ${LIVE_ENGINE.name} ORDER BY engine`;
const HANDLERS = { columns: 't.engine, t.handlers', table: LIVE_ENGINE.name, key: LIVE_ENGINE.key };
const ROW = { table: LIVE_ENGINE.name, key: LIVE_ENGINE.key };

/** After a row, in the order of the index, whose entries end with the key. */
const BEHIND = '(t.wake_at > ? OR t.instance > ? OR (t.instance = ? AND (t.node > ? OR (t.node = ? AND t.visit > ?))))';

const placeOf = ({ instance, node: { node, visit, wakeAt } }: StoredDispatch): readonly Value[] => [
  wakeAt,
  wakeAt,
  instance,
  instance,
  node,
  node,
  visit,
];

/** Engines in SQL, of either dialect. */
export class SqlGroupStore extends GroupStore {
  constructor(private readonly sql: Sql) {
    super();
  }

  override announce(word: AnnouncedEngine & { readonly revision: number }): Promise<void> {
    const { engine, group, revision, upUntil, handlers } = word;
    return this.sql.transaction((session) =>
      session.upsert(LIVE_ENGINE, [[engine, group, revision, Math.trunc(upUntil), JSON.stringify(handlers)]]),
    );
  }

  override stay(engine: string, upUntil: number): Promise<void> {
    return this.sql.change({ ...ROW, set: 'up_until = ?', values: [Math.trunc(upUntil)] }, [[engine]]);
  }

  override async heads(): Promise<readonly EngineHead[]> {
    const rows = await this.sql.reading((session) => session.rows(HEADS));
    return rows.map((row) => ({
      engine: String(row['engine']),
      group: String(row['group_name']),
      revision: Number(row['revision']),
      upUntil: Number(row['up_until']),
    }));
  }

  override async handlersOf(engines: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
    const keys = engines.map((engine) => [engine]);
    const rows = await this.sql.reading((session) => session.find(HANDLERS, keys));
    return new Map(rows.map((row) => [String(row['engine']), JSON.parse(String(row['handlers'])) as string[]]));
  }

  override waiting(queue: number, after: StoredDispatch | null, limit: number): Promise<readonly StoredDispatch[]> {
    return this.sql.reading(async (session) => {
      const from = `SELECT ${NODE_ROW} FROM ${NODE.name} t ${session.index('node_due')} WHERE t.queue = ?`;
      const order = `ORDER BY t.wake_at, t.instance, t.node, t.visit LIMIT ${Math.max(1, Math.trunc(limit))}`;
      const rows = await (after === null
        ? session.rows(`${from} ${order}`, [queue])
        : session.rows(`${from} AND t.wake_at >= ? AND ${BEHIND} ${order}`, [queue, ...placeOf(after)]));
      return withFlow(session, rows);
    });
  }

  override move(
    queue: number,
    dispatches: readonly StoredDispatch[],
    to: (stored: StoredDispatch, now: number) => Moved,
  ): Promise<{ rows: readonly StoredDispatch[]; now: number }> {
    const keys = dispatches.map(({ instance, node: { node, visit } }): Value[] => [instance, node, visit]).sort(byKey);
    return this.sql.transaction(async (session) => {
      const now = await session.now();
      const still = { columns: NODE_ROW, where: `t.queue = ${Math.trunc(queue)}`, claim: true };
      const found = await session.find({ ...still, table: NODE.name, key: NODE.key }, keys);
      const rows = (await withFlow(session, found)).map((stored) => ({
        ...stored,
        node: { ...stored.node, dispatch: stored.node.dispatch + 1, ...to(stored, now) },
      }));
      const values = rows.map(({ instance, node }) => nodeValues(instance, node, null));
      await session.upsert(NODE, values.sort(byKey));
      return { rows, now };
    });
  }

  override async forget(before: number): Promise<void> {
    const gone = (await this.heads()).filter(({ upUntil }) => upUntil < before);
    if (gone.length === 0) return;
    const still = { where: 'up_until < ?', whereValues: [Math.trunc(before)] };
    await this.sql.transaction((session) =>
      session.change(
        { ...ROW, ...still },
        gone.map(({ engine }) => [engine]),
      ),
    );
  }
}
