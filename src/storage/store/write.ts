import type { Changes, Locked } from '../../engine/ports/store.js';
import type { Session, Value } from '../sql/session.js';
import { attemptValues, instanceValues } from './mappers.js';
import { writeBeyond } from './messages/write-beyond.js';
import { keyHash, NodeWrites, order } from './node-writes.js';
import { ATTEMPT, INCIDENT, INSTANCE, LIVE_KEY, NODE, VARIABLE } from './tables.js';

/**
 * Writes everything that was decided, table by table and by ascending key: the same order of locks for everyone.
 * `before` is what was read under the locks; where it shows what has changed, only that is written.
 */
export async function writeChanges(
  session: Session,
  changes: readonly Changes[],
  before: readonly Locked[] = [],
): Promise<void> {
  const sorted = changes.length > 1 ? changes.toSorted((a, b) => order(a.instance.id, b.instance.id)) : changes;
  const instances: Value[][] = [];
  const nodes = new NodeWrites(before);
  const vars: Value[][] = [];
  const attempts: Value[][] = [];
  const resolved: { by: string; key: Value[] }[] = [];
  const raised: Value[][] = [];
  const freed: Value[][] = [];
  for (const change of sorted) {
    const { id } = change.instance;
    if (change.instanceChanged) instances.push(instanceValues(change.instance));
    nodes.add(change);
    for (const [name, value] of Object.entries(change.vars)) vars.push([id, name, JSON.stringify(value)]);
    for (const attempt of change.attempts) attempts.push(attemptValues(id, attempt));
    for (const { node, visit, by } of change.resolved) resolved.push({ by, key: [id, node, visit] });
    pushRaised(raised, change);
    if (change.ended && change.instance.key !== null) {
      freed.push([change.instance.flow, keyHash(change.instance.key), id]);
    }
  }
  await session.upsert(INSTANCE, instances);
  for (const [set, rows] of nodes.closed.values()) await session.amend({ table: NODE, columns: ['output'], set }, rows);
  await session.upsert(NODE, nodes.whole);
  await session.upsert(VARIABLE, vars);
  await session.upsert(ATTEMPT, attempts);
  for (const { by, key } of resolved) await session.change(closing(by), [key]);
  await session.upsert(INCIDENT, raised);
  const beyonds = sorted.flatMap(({ beyond }) => beyond ?? []);
  if (beyonds.length > 0) await writeBeyond(session, beyonds);
  await session.change(
    FREE,
    freed.toSorted((a, b) => order(`${a[0]} ${a[1]}`, `${b[0]} ${b[1]}`)),
  );
}

/** Only the own row: the key may have been taken by another instance since. */
const FREE = { table: LIVE_KEY.name, key: ['flow', 'hash', 'instance'] };

const closing = (by: string) => ({
  table: INCIDENT.name,
  set: 'open_code = NULL, open_at = NULL, resolved_by = ?',
  values: [by],
  key: ['instance', 'node', 'visit'],
  where: 'open_at IS NOT NULL',
});

/** What was raised and closed by the same change is stored as closed: the node's last state tells. */
function pushRaised(rows: Value[][], change: Changes): void {
  for (const { node, visit, code, message, at } of change.raised) {
    const same = (one: { node: string; visit: number }): boolean => one.node === node && one.visit === visit;
    const closedBy = change.resolved.findLast(same)?.by ?? null;
    const last = change.nodes.find(same);
    const open = last === undefined ? closedBy === null : last.status === 'incident';
    const id = change.instance.id;
    rows.push([id, node, visit, at, code, message, open ? code : null, open ? at : null, open ? null : closedBy]);
  }
}
