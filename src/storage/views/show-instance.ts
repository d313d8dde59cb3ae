import { isPage } from '../../core/definition/work/each.js';
import type { NodeInstance } from '../../core/flow/instance.js';
import type { Json, JsonObject } from '../../core/json.js';
import type { InstanceView, LiveState, NodeView } from '../../engine/ports/views.js';
import { isPlain, type Row, type Sql } from '../sql/session.js';
import { attemptOf, instanceOf, nodeOf } from '../store/mappers.js';
import { ATTEMPT, INSTANCE_COLUMNS, NODE, NODE_ROW } from '../store/tables.js';
import { incidentOf, incidentsOf } from './list-incidents.js';

const OF_INSTANCE = 'WHERE t.instance = ?';

/** Everything about one instance. */
export function showInstance(sql: Sql, id: string): Promise<InstanceView | null> {
  if (!isPlain(id)) return Promise.resolve(null);
  return sql.reading(async (session) => {
    const [row] = await session.rows(`SELECT ${INSTANCE_COLUMNS} FROM instance WHERE id = ?`, [id]);
    // Trailing spaces do not count when a server compares ids.
    if (row === undefined || row['id'] !== id) return null;
    const inputs = await session.rows('SELECT input FROM instance_input WHERE instance = ?', [id]);
    const vars = await session.rows('SELECT name, value FROM variable WHERE instance = ? ORDER BY name', [id]);
    const nodes = await session.rows(
      `SELECT ${NODE_ROW}, t.output FROM ${NODE.name} t ${OF_INSTANCE} ORDER BY t.started_at, t.visit, t.node`,
      [id],
    );
    const attempts = await session.rows(
      `SELECT ${ATTEMPT.columns.join(', ')} FROM ${ATTEMPT.name} t ${OF_INSTANCE} ` +
        'ORDER BY ended_at, node, visit, attempt, poll',
      [id],
    );
    const incidents = await incidentsOf(session, id);
    return {
      instance: instanceOf(row),
      input: inputs[0] === undefined ? {} : (json(inputs[0]['input']) as JsonObject),
      vars: Object.fromEntries(vars.map((one) => [String(one['name']), json(one['value'])])),
      nodes: nodes
        .map((node): NodeView => ({ ...nodeOf(node), output: json(node['output']) }))
        .filter(({ visit }) => !isPage(visit)),
      attempts: attempts.map(attemptOf),
      incidents: incidents.map(incidentOf),
      now: await session.now(),
    };
  });
}

/** Instances and their node rows, without outputs. */
export function showStates(
  sql: Sql,
  ids: readonly string[],
): Promise<{ readonly now: number; readonly items: readonly LiveState[] }> {
  return sql.reading(async (session) => {
    const keys = [...new Set(ids)].map((id) => [id]);
    const now = await session.now();
    const instances = await session.find({ columns: INSTANCE_COLUMNS, table: 'instance', key: ['id'] }, keys);
    const rows = await session.find({ columns: NODE_ROW, table: NODE.name, key: ['instance'] }, keys);
    const nodes = new Map<string, NodeInstance[]>(keys.map(([id = '']) => [id, []]));
    for (const row of rows) {
      if (!isPage(Number(row['visit']))) nodes.get(String(row['instance']))?.push(nodeOf(row));
    }
    const items = instances.map((row) => ({
      instance: instanceOf(row),
      nodes: (nodes.get(String(row['id'])) ?? []).sort((a, b) => a.startedAt - b.startedAt || a.visit - b.visit),
    }));
    return { now, items };
  });
}

const json = (value: Row[string] | undefined): Json => (value == null ? null : (JSON.parse(String(value)) as Json));
