import { isUndo } from '../definition/work/each.js';
import { isActive, type NodeInstance, type NodeStatus } from '../flow/instance.js';
import { LEASED } from '../routing/lane.js';

/** How a node is drawn. */
export type Mark =
  | 'idle'
  | 'queued'
  | 'delayed'
  | 'retrying'
  | 'running'
  | 'waiting'
  | 'done'
  | 'degraded'
  | 'incident'
  | 'cancelled'
  | 'compensated'
  | 'skipped';

const BY_STATUS: Readonly<Record<Exclude<NodeStatus, 'ready'>, Mark>> = {
  waiting: 'waiting',
  done: 'done',
  skipped: 'skipped',
  incident: 'incident',
  cancelling: 'cancelled',
  cancelled: 'cancelled',
  compensated: 'compensated',
};

/**
 * How a node instance is drawn; `undefined` is a node that was not visited. What is done with its fallback is degraded. What is ready and due later is delayed, or
 * retrying from its second attempt. `running` is word from the engine that runs it: the row does not know,
 * unless it is leased.
 */
export function markOf(row: NodeInstance | undefined, now: number, running = false): Mark {
  if (!row) return 'idle';
  if (row.status === 'done' && row.receipt?.degraded) return 'degraded';
  if (row.status !== 'ready') return BY_STATUS[row.status];
  if (running || row.queue === LEASED) return 'running';
  if (row.wakeAt === null || row.wakeAt <= now) return 'queued';
  return row.attempt > 1 ? 'retrying' : 'delayed';
}

/** For every node the visit that tells most of it: an incident, else the latest that is active, else the latest. */
export function tellingVisits(rows: readonly NodeInstance[]): ReadonlyMap<string, NodeInstance> {
  const telling = new Map<string, NodeInstance>();
  for (const row of rows) {
    // What was undone says so itself.
    if (isUndo(row.visit) && !isActive(row.status)) continue;
    const other = telling.get(row.node);
    if (!other || tells(row) > tells(other) || (tells(row) === tells(other) && row.visit > other.visit)) {
      telling.set(row.node, row);
    }
  }
  return telling;
}

const tells = ({ status }: NodeInstance): number => Number(isActive(status)) + Number(status === 'incident');
