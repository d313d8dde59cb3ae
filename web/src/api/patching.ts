import type { InfiniteData, QueryClient } from '@tanstack/react-query';
import { patchInstance, patchRows } from '../model/patch.js';
import { live } from './live.js';
import type { InstanceEvent, InstanceRow, InstanceView, Page } from './wire.js';

type Rows = InfiniteData<Page<InstanceRow>, string | null>;

/** Events are written in groups, so that a busy engine costs one rendering and not a thousand. In milliseconds. */
const GROUP_MS = 150;
/** Events carry states, not outputs, attempts or incidents: those are read again, at most this often. In milliseconds. */
const REREAD_MS = 1000;

/** What never changes: nothing can have been missed there. */
const FIXED: readonly unknown[] = ['definition-diagram', 'picture', 'me'];

/** Lets the event stream write into what the pages show. Returns how to stop. */
export function keepFresh(client: QueryClient): () => void {
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  let group: InstanceEvent[] = [];

  const later = (name: string, ms: number, run: () => void): void => {
    if (timers.has(name)) return;
    const timer = setTimeout(() => {
      timers.delete(name);
      run();
    }, ms);
    timers.set(name, timer);
  };
  const reread = (key: readonly string[], ms: number): void =>
    later(key.join(' '), ms, () => void client.invalidateQueries({ queryKey: key }));

  const flush = (): void => {
    const events = group;
    group = [];
    const now = new Date().toISOString();
    patchLists(client, events, now);
    for (const id of new Set(events.map((event) => event.id))) {
      if (!client.getQueryState(['instance', id])) continue;
      patchOne(client, id, events, now);
      reread(['instance', id], REREAD_MS);
      reread(['instance-diagram', id], REREAD_MS);
    }
    reread(['incidents'], 2 * REREAD_MS);
    reread(['definitions'], 5 * REREAD_MS);
  };

  const stops = [
    live.onEvent((event) => {
      group.push(event);
      later('flush', GROUP_MS, flush);
    }),
    live.onGap(() => {
      void client.invalidateQueries({ predicate: ({ queryKey }) => !FIXED.includes(queryKey[0]) });
    }),
  ];
  return () => {
    for (const stop of stops) stop();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}

function patchLists(client: QueryClient, events: readonly InstanceEvent[], now: string): void {
  for (const [key, rows] of client.getQueriesData<Rows>({ queryKey: ['instances'] })) {
    if (!rows) continue;
    const pages = events.reduce<readonly Page<InstanceRow>[]>(
      (known, event) => patchRows(known, event, now) ?? known,
      rows.pages,
    );
    if (pages !== rows.pages) client.setQueryData<Rows>(key, { ...rows, pages: [...pages] });
  }
}

function patchOne(client: QueryClient, id: string, events: readonly InstanceEvent[], now: string): void {
  client.setQueryData<InstanceView>(['instance', id], (view) =>
    events.reduce((known, event) => (known && event.id === id ? patchInstance(known, event, now) : known), view),
  );
}
