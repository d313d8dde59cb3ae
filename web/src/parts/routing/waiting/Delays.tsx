import { Button, Table, Tooltip } from '@mantine/core';
import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { post } from '../../../api/client.js';
import { delaysQuery } from '../../../api/queries.js';
import type { DelayRow } from '../../../api/wire.js';
import { Empty, Loading, Trouble } from '../../small/Notes.js';
import { Sheet } from '../../small/Sheet.js';
import { Ago } from '../../small/Time.js';
import { CancelDelay } from './CancelDelay.js';

const TONES: Readonly<Record<DelayRow['kind'], string>> = {
  timer: 'wait',
  held: 'bad',
  circuit: 'bad',
  retry: 'warn',
  poll: 'wait',
  delay: 'wait',
};

/** What waits for its time, the next one first. */
export function Delays() {
  const delays = useInfiniteQuery(delaysQuery());
  if (delays.error && !delays.data) return <Trouble error={delays.error} onRetry={() => void delays.refetch()} />;
  if (!delays.data) return <Loading what="delays" />;
  const rows = delays.data.pages.flatMap(({ items }) => items);
  if (rows.length === 0)
    return (
      <Empty title="Nothing waits">
        Retries, polls, timers, and what a circuit or an operator keeps back stand here until their time has come.
      </Empty>
    );
  return (
    <Sheet
      title="What waits for its time"
      head={[['Due', 90], ['Waits for', 90], ['Node', 280], ['Attempt', 80], ['Lane', 80], 'Why', ['', 160]]}
      minWidth={960}
      action={
        delays.hasNextPage && (
          <Button variant="default" loading={delays.isFetchingNextPage} onClick={() => void delays.fetchNextPage()}>
            More
          </Button>
        )
      }
    >
      {rows.map((row) => (
        <Delay key={`${row.instance} ${row.node} ${row.visit}`} row={row} />
      ))}
    </Sheet>
  );
}

function Delay({ row }: { readonly row: DelayRow }) {
  const { instance, flow, key, node, visit, attempt, dispatch, kind, lane, reason, dueAt } = row;
  const client = useQueryClient();
  const [cancels, setCancels] = useState(false);
  const run = useMutation({
    mutationFn: () =>
      post(`/instances/${encodeURIComponent(instance)}/nodes/${encodeURIComponent(node)}/reschedule`, {
        visit,
        dispatch,
      }),
    onSettled: () => client.invalidateQueries({ queryKey: ['delays'] }),
  });
  return (
    <Table.Tr>
      <Table.Td>
        <Ago at={dueAt} />
      </Table.Td>
      <Table.Td>
        <span className="state" data-tone={TONES[kind]}>
          {kind}
        </span>
      </Table.Td>
      <Table.Td>
        <Link to="/instances/$id" params={{ id: instance }} search={{ node, visit }}>
          {key ?? instance}
        </Link>
        <div className="dim">
          {flow} · {node}
        </div>
      </Table.Td>
      <Table.Td className="num">{attempt}</Table.Td>
      <Table.Td>{lane}</Table.Td>
      <Table.Td>
        <span className="clip">{reason}</span>
      </Table.Td>
      <Table.Td>
        <Button variant="subtle" color="red" size="compact-xs" onClick={() => setCancels(true)}>
          Cancel
        </Button>
        <CancelDelay row={row} opened={cancels} onClose={() => setCancels(false)} />
        {kind !== 'held' && (
          <Tooltip
            label={run.error?.message}
            disabled={!run.error}
            opened={run.isError}
            color="red"
            multiline
            maw={320}
          >
            <Button variant="default" size="compact-xs" loading={run.isPending} onClick={() => run.mutate()}>
              Run now
            </Button>
          </Tooltip>
        )}
      </Table.Td>
    </Table.Tr>
  );
}
