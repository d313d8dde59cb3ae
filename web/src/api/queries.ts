import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { isOver } from '../model/graph/looks.js';
import type { RowFilter } from '../model/patch.js';
import { getJson, getText, Problem } from './client.js';
import { live } from './live.js';
import type {
  DefinitionRow,
  DefinitionView,
  DelayRow,
  GroupRow,
  IncidentRow,
  InstanceRow,
  InstanceView,
  LaneRow,
  Me,
  NodeView,
  Page,
  RoutingChangeRow,
  RuleList,
  RulesRow,
  SubjectRow,
  TaskRow,
  TaskView,
  TransitionRow,
  TriggerRow,
  WhyView,
} from './wire.js';

const PAGE = 50;
/** Only while the event stream is down. */
const pollMs = (ms: number): number | false => (live.state() === 'open' ? false : ms);

export const instancesQuery = (filter: RowFilter) =>
  infiniteQueryOptions({
    queryKey: ['instances', { flow: filter.flow, status: filter.status, key: filter.key, play: filter.play }] as const,
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<InstanceRow>>('/instances', { ...filter, cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

export const instanceQuery = (id: string) =>
  queryOptions({
    queryKey: ['instance', id] as const,
    queryFn: ({ signal }) => getJson<InstanceView>(`/instances/${encodeURIComponent(id)}`, {}, signal),
    refetchInterval: ({ state }) => (state.data && isOver(state.data.status) ? false : pollMs(3000)),
  });

export const instanceDiagramQuery = (id: string) =>
  queryOptions({
    queryKey: ['instance-diagram', id] as const,
    queryFn: ({ signal }) => getText(`/instances/${encodeURIComponent(id)}/diagram`, {}, signal),
  });

export const definitionsQuery = () =>
  queryOptions({
    queryKey: ['definitions'] as const,
    queryFn: ({ signal }) => getJson<readonly DefinitionRow[]>('/definitions', {}, signal),
  });

/** A published version never changes; only the list of versions beside it does. */
export const definitionQuery = (flow: string, version: number | undefined) =>
  queryOptions({
    queryKey: ['definition', flow, version ?? 'latest'] as const,
    queryFn: ({ signal }) => getJson<DefinitionView>(`/definitions/${encodeURIComponent(flow)}`, { version }, signal),
    staleTime: version === undefined ? 10_000 : 5 * 60_000,
  });

export const definitionDiagramQuery = (flow: string, version: number) =>
  queryOptions({
    queryKey: ['definition-diagram', flow, version] as const,
    queryFn: ({ signal }) => getText(`/definitions/${encodeURIComponent(flow)}/diagram`, { version }, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

export const incidentsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['incidents'] as const,
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<IncidentRow>>('/incidents', { cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });

/** The event stream tells of instances, and not of what people are asked. */
export const tasksQuery = (assignee: string | undefined, mine = false) =>
  infiniteQueryOptions({
    queryKey: ['tasks', { assignee, mine }] as const,
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<TaskRow>>(
        '/tasks',
        { assignee, ...(mine && { mine: 'true' }), cursor: pageParam, limit: PAGE },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5_000,
  });

export const taskQuery = ({ instance, node, visit }: Pick<TaskRow, 'instance' | 'node' | 'visit'>) =>
  queryOptions({
    queryKey: ['task', instance, node, visit] as const,
    queryFn: ({ signal }) =>
      getJson<TaskView>(
        `/instances/${encodeURIComponent(instance)}/nodes/${encodeURIComponent(node)}/task`,
        { visit },
        signal,
      ),
  });

export const triggersQuery = () =>
  queryOptions({
    queryKey: ['triggers'] as const,
    queryFn: ({ signal }) => getJson<readonly TriggerRow[]>('/triggers', {}, signal),
    refetchInterval: 5_000,
  });

/** Asked anew for every dispatch: each has a reason of its own. */
export const whyQuery = (instance: string, { node, visit, attempt, reason }: NodeView) =>
  queryOptions({
    queryKey: ['why', instance, node, visit, attempt, reason] as const,
    queryFn: ({ signal }) =>
      getJson<WhyView>(
        `/instances/${encodeURIComponent(instance)}/nodes/${encodeURIComponent(node)}/why`,
        { visit },
        signal,
      ),
  });

/** What the router goes by changes with every call; the event stream does not tell it. */
const watched = <T>(what: string, path: string, everyMs = 3_000) =>
  queryOptions({
    queryKey: ['routing', what] as const,
    queryFn: ({ signal }) => getJson<T>(path, {}, signal),
    refetchInterval: everyMs,
  });

export const subjectsQuery = () => watched<readonly SubjectRow[]>('subjects', '/routing/subjects');
export const transitionsQuery = () => watched<readonly TransitionRow[]>('transitions', '/routing/transitions');
export const groupsQuery = () => watched<readonly GroupRow[]>('groups', '/routing/groups');
export const rulesQuery = () => watched<RuleList>('rules', '/routing/rules');
export const versionsQuery = () => watched<Page<RulesRow>>('versions', '/routing/rules/versions?limit=20', 10_000);
export const changesQuery = () => watched<Page<RoutingChangeRow>>('changes', '/routing/changes?limit=50', 10_000);

/** Lanes with the rate at which messages went there between two readings. */
export const lanesQuery = () =>
  queryOptions({
    queryKey: ['routing', 'lanes'] as const,
    queryFn: async ({ signal }) => {
      const rows = await getJson<readonly LaneRow[]>('/routing/lanes', {}, signal);
      const [before, at] = [lastLanes, Date.now()];
      lastLanes = { at, sent: new Map(rows.map(({ lane, sent }) => [lane, sent])) };
      return rows.map((row) => {
        const was = before?.sent.get(row.lane);
        const seconds = before ? (at - before.at) / 1_000 : 0;
        const known = was !== undefined && seconds >= 1 && row.sent >= was;
        return { ...row, perSecond: known ? (row.sent - was) / seconds : null };
      });
    },
    refetchInterval: 3_000,
  });
let lastLanes: { readonly at: number; readonly sent: ReadonlyMap<string, number> } | null = null;

export const delaysQuery = () =>
  infiniteQueryOptions({
    queryKey: ['delays'] as const,
    queryFn: ({ pageParam, signal }) => getJson<Page<DelayRow>>('/delays', { cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 3_000,
  });

export const meQuery = () =>
  queryOptions({
    queryKey: ['me'] as const,
    queryFn: ({ signal }) => getJson<Me>('/me', {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** A refusal will not change by asking again; a failed connection may. */
export const shouldRetry = (failures: number, error: Error): boolean =>
  failures < 2 && !(error instanceof Problem && error.status >= 400 && error.status < 500);
