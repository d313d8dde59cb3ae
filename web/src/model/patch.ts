import type { InstanceEvent, InstanceRow, InstanceView, LiveNode, NodeView, Page } from '../api/wire.js';
import { isOver } from './graph/looks.js';

/** What the event stream says about one instance. What is absent has not changed. */
export type News = Pick<InstanceEvent, 'seq' | 'id' | 'flow' | 'version' | 'key' | 'status'> & Partial<InstanceEvent>;

/**
 * Writes an event into the loaded pages of a list: the row changes where it stands, and no row moves. `null` when the
 * event is about none of them.
 */
export function patchRows(
  pages: readonly Page<InstanceRow>[],
  event: News,
  now: string,
): readonly Page<InstanceRow>[] | null {
  let hit = false;
  const next = pages.map((page) => {
    if (!page.items.some((row) => row.id === event.id)) return page;
    hit = true;
    return { ...page, items: page.items.map((row) => (row.id === event.id ? patchRow(row, event, now) : row)) };
  });
  return hit ? next : null;
}

/** Writes an event into an open instance; nodes that are new to it are added at the end. */
export function patchInstance(view: InstanceView, event: News, now: string): InstanceView {
  return {
    ...view,
    status: event.status,
    outcome: event.outcome === undefined ? view.outcome : event.outcome,
    endedAt: endOf(event, view.endedAt, now),
    ...(event.ending !== undefined && { ending: event.ending }),
    arrivals: event.arrivals ?? view.arrivals,
    nodes: event.nodes ? mergeNodes(view.nodes, event.nodes) : view.nodes,
  };
}

/** Whether an event speaks of an instance that belongs in a list and is younger than its newest. Ids rise with time. */
export function isNews(newest: string | undefined, event: News, filter: RowFilter): boolean {
  if (filter.play) return false;
  if (filter.flow && event.flow !== filter.flow) return false;
  if (filter.status && event.status !== filter.status) return false;
  if (filter.key && !(event.key ?? '').startsWith(filter.key)) return false;
  return newest === undefined || event.id > newest;
}

export interface RowFilter {
  readonly flow?: string | undefined;
  readonly status?: string | undefined;
  /** Prefix of the business key. */
  readonly key?: string | undefined;
  /** Events do not say by which play. */
  readonly play?: string | undefined;
}

function patchRow(row: InstanceRow, event: News, now: string): InstanceRow {
  return {
    ...row,
    status: event.status,
    outcome: event.outcome === undefined ? row.outcome : event.outcome,
    active: event.active ?? row.active,
    incidents: event.incidents ?? row.incidents,
    endedAt: endOf(event, row.endedAt, now),
  };
}

function mergeNodes(old: readonly NodeView[], changed: readonly LiveNode[]): readonly NodeView[] {
  const byVisit = new Map(changed.map((node) => [`${node.node}.${node.visit}`, node]));
  const kept = old.map((node) => {
    const key = `${node.node}.${node.visit}`;
    const change = byVisit.get(key);
    byVisit.delete(key);
    return change ? { ...node, ...change } : node;
  });
  const fresh = [...byVisit.values()].map((node) => ({ output: null, attempts: [], ...node }));
  return [...kept, ...fresh];
}

/** Events may leave the end out; until the next read, the moment we heard of it is near enough. */
function endOf(event: News, known: string | null, now: string): string | null {
  if (event.endedAt !== undefined) return event.endedAt;
  return isOver(event.status) ? (known ?? now) : null;
}
