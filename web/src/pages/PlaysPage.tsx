import { Button, Table } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { playsQuery } from '../api/play-queries.js';
import { meQuery } from '../api/queries.js';
import type { PlayListRow } from '../api/wire.js';
import { isAllowed } from '../model/access/roles.js';
import { absolute } from '../model/time.js';
import { PlayForm } from '../parts/plays/PlayForm.js';
import { PlayState } from '../parts/plays/PlayState.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { More } from '../parts/small/More.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';
import { Rows } from '../parts/small/Rows.js';

/** Flows as operators have configured them. */
export function PlaysPage() {
  const list = useInfiniteQuery(playsQuery());
  const me = useQuery(meQuery());
  const [creating, setCreating] = useState(false);
  const rows = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <>
      <PageHead title="Plays" tab="Plays">
        {isAllowed(me.data, 'operator') && (
          <Button ml="auto" onClick={() => setCreating(true)}>
            New play…
          </Button>
        )}
      </PageHead>
      <section className="page">
        {list.error && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading what="plays" />}
        {list.isSuccess && rows.length === 0 && (
          <Empty title="Nothing is played">
            A flow that says under <code>play</code> what may be configured is put online here: with its parameters, its
            time, and those it is for.
          </Empty>
        )}
        {rows.length > 0 && <PlayTable rows={rows} />}
        <More list={list} />
      </section>
      {creating && <PlayForm onClose={() => setCreating(false)} />}
    </>
  );
}

function PlayTable({ rows }: { readonly rows: readonly PlayListRow[] }) {
  return (
    <Rows
      head={[
        'Play',
        ['State', 90],
        ['Flow', 140],
        'When',
        ['Started', 80],
        ['Passed', 80],
        ['Over', 70],
        ['Failed', 70],
      ]}
      minWidth={900}
    >
      {rows.map(({ code, title, state, flow, window, counts }) => (
        <Table.Tr key={code}>
          <Table.Td>
            <Link to="/plays/$code" params={{ code }} className="plain">
              <strong>{title ?? code}</strong>
            </Link>
            {title && <div className="dim">{code}</div>}
          </Table.Td>
          <Table.Td>
            <PlayState state={state} />
          </Table.Td>
          <Table.Td>
            <Link to="/definitions/$flow" params={{ flow }} className="plain">
              {flow}
            </Link>
          </Table.Td>
          <Table.Td>{windowText(window)}</Table.Td>
          {[counts.started, counts.passed, counts.over, counts.failed].map((count, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the columns stand where they stand
            <Table.Td key={at} className="num">
              {count.toLocaleString('en')}
            </Table.Td>
          ))}
        </Table.Tr>
      ))}
    </Rows>
  );
}

export function windowText(window: PlayListRow['window']): string {
  const [from, to] = [window?.from, window?.to].map((at) => at && absolute(at).replace('.000', ''));
  if (from && to) return `${from} to ${to}`;
  if (from) return `from ${from}`;
  return to ? `to ${to}` : 'always';
}
