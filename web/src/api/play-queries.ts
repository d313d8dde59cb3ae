import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { getJson } from './client.js';
import type { Page, PlayListRow, PlayRow, PlayView } from './wire.js';

/** What plays count changes all the time; the event stream does not tell it. */
export const playsQuery = () =>
  infiniteQueryOptions({
    queryKey: ['plays', 'list'] as const,
    queryFn: ({ pageParam, signal }) => getJson<Page<PlayListRow>>('/plays', { cursor: pageParam, limit: 50 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    refetchInterval: 5_000,
  });

export const playQuery = (code: string) =>
  queryOptions({
    queryKey: ['plays', code] as const,
    queryFn: ({ signal }) => getJson<PlayView>(`/plays/${encodeURIComponent(code)}`, {}, signal),
    refetchInterval: 5_000,
  });

export const playRevisionsQuery = (code: string) =>
  infiniteQueryOptions({
    queryKey: ['plays', code, 'revisions'] as const,
    queryFn: ({ pageParam, signal }) =>
      getJson<Page<PlayRow>>(`/plays/${encodeURIComponent(code)}/revisions`, { cursor: pageParam, limit: 20 }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
  });
