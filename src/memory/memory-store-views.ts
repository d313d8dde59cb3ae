import { isPage } from '../core/definition/work/each.js';
import type { Instance, InstanceStatus } from '../core/flow/instance.js';
import type { Json, JsonObject } from '../core/json.js';
import {
  type AuditPage,
  type AuditPlace,
  type InstanceFilter,
  type InstanceView,
  type LiveState,
  type ManualTaskFilter,
  type ManualTaskView,
  type OpenIncident,
  type Page,
  type QuarantineFilter,
  type QuarantineView,
  Views,
} from '../engine/ports/views.js';
import { copy, type IncidentEntry, type MemoryRows, type NodeEntry, order } from './memory-store-rows.js';
import { audit } from './store/memory-store-audit.js';
import { varsOf } from './store/memory-store-read.js';

/** What people read, out of the maps. */
export class MemoryViews extends Views {
  constructor(private readonly rows: MemoryRows) {
    super();
  }

  async instances(filter: InstanceFilter): Promise<Page<Instance>> {
    const { flow, play, status, key } = filter;
    const found = [...this.rows.instances.values()]
      .filter((one) => flow === undefined || one.flow === flow)
      .filter((one) => play === undefined || this.rows.plays.started.get(one.id) === play)
      .filter((one) => status === undefined || one.status === status)
      .filter((one) => key === undefined || (one.key?.startsWith(key) ?? false))
      .sort((a, b) => order(b.id, a.id));
    return page(found, filter, (one) => one.id);
  }

  async instance(id: string): Promise<InstanceView | null> {
    const instance = this.rows.instances.get(id);
    if (instance === undefined) return null;
    const nodes = this.shownOf(id).map(({ node, output }) => {
      return { ...copy(node), output: JSON.parse(output ?? 'null') as Json };
    });
    const attempts = [...(this.rows.attempts.get(id)?.values() ?? [])];
    const incidents = [...this.rows.incidents.values()].filter((one) => one.open && one.instance === id);
    return {
      instance: copy(instance),
      input: JSON.parse(this.rows.inputs.get(id) ?? '{}') as JsonObject,
      vars: varsOf(this.rows, id),
      nodes: nodes.sort((a, b) => a.startedAt - b.startedAt || a.visit - b.visit || order(a.node, b.node)),
      attempts: copy(attempts).sort((a, b) => a.at - b.at || a.attempt - b.attempt || a.poll - b.poll),
      incidents: incidents.sort((a, b) => a.at - b.at).map((one) => this.incident(one)),
      now: this.rows.clock.now(),
    };
  }

  async states(ids: readonly string[]): Promise<{ readonly now: number; readonly items: readonly LiveState[] }> {
    const items = [...new Set(ids)].flatMap((id): LiveState[] => {
      const instance = this.rows.instances.get(id);
      if (instance === undefined) return [];
      const nodes = this.shownOf(id).map(({ node }) => copy(node));
      return [
        { instance: copy(instance), nodes: nodes.sort((a, b) => a.startedAt - b.startedAt || a.visit - b.visit) },
      ];
    });
    return { now: this.rows.clock.now(), items };
  }

  async counts(): Promise<Readonly<Record<string, Partial<Record<InstanceStatus, number>>>>> {
    const counts: Record<string, Partial<Record<InstanceStatus, number>>> = {};
    for (const { flow, status } of this.rows.instances.values()) {
      counts[flow] = { ...counts[flow], [status]: (counts[flow]?.[status] ?? 0) + 1 };
    }
    return counts;
  }

  async incidents(asked: { readonly cursor?: string; readonly limit: number }): Promise<Page<OpenIncident>> {
    const open = [...this.rows.incidents.values()].filter((one) => one.open);
    const sorted = open.map((one) => this.incident(one)).sort((a, b) => order(place(b), place(a)));
    return page(sorted, asked, place);
  }

  async manualTasks({
    instance,
    flow,
    assignee,
    assignees,
    ...asked
  }: ManualTaskFilter): Promise<Page<ManualTaskView>> {
    const open = [...this.rows.manual.values()]
      .filter((one) => instance === undefined || one.instance === instance)
      .filter((one) => flow === undefined || one.flow === flow)
      .filter((one) => assignee === undefined || one.assignee === assignee)
      .filter((one) => assignees === undefined || assignees.includes(one.assignee))
      .map((one) => {
        const { key = null, version = one.version } = this.rows.instances.get(one.instance) ?? {};
        return { ...one, version, key };
      });
    return page(open.sort(byOpening), asked, openingOf, (place, cursor) => place > cursor);
  }

  async quarantined({ state, ...asked }: QuarantineFilter): Promise<Page<QuarantineView>> {
    const kept = this.rows.quarantine.filter((one) => state === undefined || one.state === state).reverse();
    return page(
      kept.map((one) => ({ ...one, body: [...one.body.slice(0, 8_192)].slice(0, 4_096).join('') })),
      asked,
      (one) => one.id,
    );
  }

  async quarantinedOne(id: string): Promise<QuarantineView | null> {
    const found = this.rows.quarantine.find((one) => one.id === id);
    return found === undefined ? null : copy(found);
  }

  async audit(statuses: readonly InstanceStatus[], after: AuditPlace | null, limit: number): Promise<AuditPage> {
    return audit(this.rows, statuses, after, limit);
  }

  /** Lists of `each` are kept in rows that nobody has visited. */
  private shownOf(id: string): NodeEntry[] {
    return this.rows.entriesOf(id).filter(({ node }) => !isPage(node.visit));
  }

  private incident({ instance, node, visit, code, message, at }: IncidentEntry): OpenIncident {
    const { flow = '', key = null } = this.rows.instances.get(instance) ?? {};
    const id = `${instance}.${node}.${visit}.${at}`;
    return { id, instance, flow, key, node, visit, code, message, raisedAt: at };
  }
}

/** Sorts as (time, id) does. */
const place = (one: OpenIncident): string => `${String(one.raisedAt).padStart(16, '0')} ${one.id}`;

const openingOf = ({ openedAt, instance, node, visit }: ManualTaskView): string =>
  `${String(openedAt).padStart(16, '0')} ${instance} ${node} ${String(visit).padStart(10, '0')}`;
const byOpening = (a: ManualTaskView, b: ManualTaskView): number => order(openingOf(a), openingOf(b));

/** Items after the cursor, in descending order of their places unless said otherwise. */
function page<T>(
  items: readonly T[],
  { cursor, limit }: { readonly cursor?: string; readonly limit: number },
  of: (item: T) => string,
  isAfter = (place: string, cursor: string): boolean => place < cursor,
): Page<T> {
  const size = Math.min(200, Math.max(1, Math.trunc(limit)));
  const rest = cursor === undefined ? items : items.filter((item) => isAfter(of(item), cursor));
  const shown = rest.slice(0, size);
  const last = shown.at(-1);
  return { items: copy(shown), next: rest.length > size && last !== undefined ? of(last) : null };
}
