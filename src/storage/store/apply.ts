import { ACTIVE, type NodeInstance } from '../../core/flow/instance.js';
import type { Checkpoint } from '../../engine/ports/checkpoint.js';
import type { ApplyAnswer, ApplyRequest, Locked } from '../../engine/ports/store.js';
import type { Row, Session, Sql, Value } from '../sql/session.js';
import { instanceOf, nodeOf } from './mappers.js';
import { order } from './node-writes.js';
import { INSTANCE_COLUMNS, NODE, NODE_ROW } from './tables.js';
import { writeChanges } from './write.js';

const BY_KEY = { columns: NODE_ROW, table: NODE.name, key: NODE.key, byPrimary: true, short: true };
const ACTIVE_OF = {
  columns: NODE_ROW,
  table: NODE.name,
  key: ['instance'],
  short: true,
  where: `t.status IN (${ACTIVE.map((status) => `'${status}'`).join(', ')})`,
};

/** Locks, reads, decides, writes and commits: the one transaction of every transition. */
export async function apply(sql: Sql, request: ApplyRequest, checkpoint: Checkpoint): Promise<ApplyAnswer> {
  const ids = [...request.wanted.keys()].sort(order);
  if (ids.length === 0) return { skipped: [] };
  const found = await sql.transaction(async (session) => {
    const keys = ids.flatMap((id) =>
      (request.wanted.get(id) ?? []).map(({ node, visit }): Value[] => [id, node, visit]),
    );
    const { now, rows, found } = await session.lock(ids, INSTANCE_COLUMNS, BY_KEY, keys);
    if (rows.length === 0) return NOTHING;
    const locked = await withNodes(session, request, rows, found);
    await writeChanges(session, request.decide(locked, now), locked);
    checkpoint.reach('written');
    return new Set(locked.map(({ instance }) => instance.id));
  });
  return { skipped: found.size === ids.length ? [] : ids.filter((id) => !found.has(id)) };
}

const NOTHING: ReadonlySet<string> = new Set();

async function withNodes(
  session: Session,
  request: ApplyRequest,
  rows: readonly Row[],
  found: readonly Row[],
): Promise<Locked[]> {
  const whole: Value[][] = [];
  const instances = rows.map(instanceOf);
  for (const instance of instances) {
    if (request.wantsActive(instance)) whole.push([instance.id]);
  }
  const nodes = new Map<string, NodeInstance[]>();
  for (const row of found) add(nodes, row);
  if (whole.length > 0) {
    // A row may be asked for by key and be active too.
    const known = new Set(found.map(keyOf));
    for (const row of await session.find(ACTIVE_OF, whole)) if (!known.has(keyOf(row))) add(nodes, row);
  }
  return instances.map((instance) => ({ instance, nodes: nodes.get(instance.id) ?? [] }));
}

const keyOf = (row: Row): string => `${row['instance']}.${row['node']}.${row['visit']}`;

function add(nodes: Map<string, NodeInstance[]>, row: Row): void {
  const id = String(row['instance']);
  const of = nodes.get(id);
  if (of) of.push(nodeOf(row));
  else nodes.set(id, [nodeOf(row)]);
}
