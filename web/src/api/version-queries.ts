import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson, post } from './client.js';
import type { AuditRow, Checked, FunnelView, MigrationView, Page, Published, VersionsView } from './wire.js';

const PAGE = 50;

export const flowVersionsQuery = (flow: string) =>
  queryOptions({
    queryKey: ['flow-versions', flow] as const,
    queryFn: ({ signal }) => getJson<VersionsView>(`/definitions/${encodeURIComponent(flow)}/versions`, {}, signal),
  });

export const funnelQuery = (flow: string, version: number) =>
  queryOptions({
    queryKey: ['funnel', flow, version] as const,
    queryFn: ({ signal }) =>
      getJson<FunnelView>(`/definitions/${encodeURIComponent(flow)}/funnel`, { version }, signal),
    refetchInterval: 10_000,
  });

export const auditQuery = (filter: { readonly flow?: string | undefined; readonly who?: string | undefined }) =>
  infiniteQueryOptions({
    queryKey: ['audit', { flow: filter.flow, who: filter.who }] as const,
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<AuditRow>>('/audit', { ...filter, cursor: pageParam, limit: PAGE }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 10_000,
  });

export const checkDefinition = (source: string) => post<Checked>('/definitions/check', { source });
export const publishDefinition = (source: string) => post<Published>('/definitions', { source });

export const activate = (flow: string, version: number) =>
  post<VersionsView>(`/definitions/${encodeURIComponent(flow)}/activate`, { version });

/** One page of instances that go on in version `to`, or are only asked whether they could. */
export const migratePage = (
  flow: string,
  body: { readonly to: number; readonly from?: number; readonly dryRun: boolean; readonly cursor?: string },
) => post<MigrationView>(`/definitions/${encodeURIComponent(flow)}/migrate`, { ...body, limit: 200 });
