import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, Link } from '@tanstack/react-router';
import { useEffect, useRef } from 'react';
import { definitionsQuery, instancesQuery } from '../api/queries.js';
import { INSTANCE_STATUSES, instanceLook } from '../model/graph/looks.js';
import { warmUp } from '../parts/graph/drawFlow.js';
import { InstanceTable } from '../parts/list/InstanceTable.js';
import { useNews } from '../parts/list/useNews.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Icon } from '../parts/small/Icon.js';
import { More } from '../parts/small/More.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';

const route = getRouteApi('/');

export function InstancesPage() {
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const list = useInfiniteQuery(instancesQuery(filter));
  const definitions = useQuery(definitionsQuery());
  useEffect(warmUp, []);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  const news = useNews(rows[0]?.id, filter);
  const set = (change: Partial<typeof filter>): void => {
    void navigate({ search: (known) => ({ ...known, ...change }), replace: true });
  };
  const filtered = Boolean(filter.flow || filter.status || filter.key || filter.play);

  return (
    <>
      <PageHead title="Instances" tab="Instances">
        <Group gap={8} ml="auto" className="filters">
          {filter.play && (
            <Button variant="default" rightSection={<Icon name="close" />} onClick={() => set({ play: undefined })}>
              play {filter.play}
            </Button>
          )}
          <KeySearch value={filter.key} onChange={(key) => set({ key })} />
          <Select
            aria-label="Flow"
            placeholder="All flows"
            data={flowNames(definitions.data?.map((row) => row.flow) ?? [], filter.flow)}
            value={filter.flow ?? null}
            onChange={(flow) => set({ flow: flow ?? undefined })}
            clearable
            searchable
            w={200}
          />
          <Select
            aria-label="Status"
            placeholder="Any status"
            data={INSTANCE_STATUSES.map((value) => ({ value, label: instanceLook(value).label }))}
            value={filter.status ?? null}
            onChange={(status) => set({ status: status ?? undefined })}
            clearable
            w={140}
          />
        </Group>
      </PageHead>
      <section className="page">
        {news.count > 0 && (
          <button type="button" className="news" onClick={() => void list.refetch().then(news.clear)}>
            {news.count === 1 ? '1 new instance' : `${news.count} new instances`} · show
          </button>
        )}
        {list.error && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading what="instances" />}
        {list.isSuccess && rows.length === 0 && (filtered ? <NoneMatch onClear={clear(set)} /> : <NoneYet />)}
        {rows.length > 0 && <InstanceTable rows={rows} />}
        <More list={list} />
      </section>
    </>
  );
}

const NO_FILTER = { flow: undefined, status: undefined, key: undefined, play: undefined };
const clear = (set: (change: typeof NO_FILTER) => void) => () => set(NO_FILTER);

function KeySearch({ value, onChange }: { value: string | undefined; onChange: (key: string | undefined) => void }) {
  const input = useRef<HTMLInputElement>(null);
  const later = useDebouncedCallback(onChange, 250);
  useHotkeys([['/', () => input.current?.focus()]]);
  // The address may change by itself (back, a link); what is being typed must not be touched.
  useEffect(() => {
    const field = input.current;
    if (field && document.activeElement !== field) field.value = value ?? '';
  }, [value]);
  return (
    <TextInput
      ref={input}
      aria-label="Search by business key"
      placeholder="Key begins with…   /"
      defaultValue={value ?? ''}
      onChange={(event) => later(event.currentTarget.value.trim() || undefined)}
      leftSection={<Icon name="search" />}
      maxLength={190}
      type="search"
      w={230}
    />
  );
}

const flowNames = (flows: readonly string[], chosen: string | undefined): string[] =>
  [...new Set(chosen ? [...flows, chosen] : flows)].sort();

const NoneMatch = ({ onClear }: { readonly onClear: () => void }) => (
  <Empty
    title="No instance matches"
    action={
      <Button variant="default" mt="xs" onClick={onClear}>
        Clear the filters
      </Button>
    }
  >
    Nothing has this key, flow and status.
  </Empty>
);

const NoneYet = () => (
  <Empty title="No instance yet" command={'sluice start <flow> --input \'{"orderId":"4711"}\''}>
    Start one on its <Link to="/definitions">definition's page</Link>, by a message, or from a terminal. It appears here
    at once.
  </Empty>
);
