import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { triggersQuery } from '../api/queries.js';
import type { TriggerRow } from '../api/wire.js';
import { absolute } from '../model/time.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';
import { Ago } from '../parts/small/Time.js';

/** What starts flows, with what became of the events that were heard. */
export function TriggersPage() {
  const list = useQuery(triggersQuery());
  return (
    <>
      <PageHead title="Triggers" tab="Triggers" />
      <section className="page">
        {list.error && <Trouble error={list.error} onRetry={() => void list.refetch()} />}
        {list.isPending && <Loading what="triggers" />}
        {list.isSuccess && list.data.length === 0 && (
          <Empty title="Nothing starts flows by itself">
            A file *.triggers.yaml beside the flows says which messages, and which hours, start what.
          </Empty>
        )}
        {list.data && list.data.length > 0 && <TriggerTable rows={list.data} />}
      </section>
    </>
  );
}

const COUNTS = [
  ['started', 'Started', 'Instances that it made'],
  ['duplicate', 'Again', 'The instance was there before'],
  ['passed', 'Passed', 'The condition did not hold, or it was outside the window'],
  ['over', 'Over', 'The quota was used up'],
  ['failed', 'Failed', 'Nothing could be started; it is in the quarantine'],
] as const;

function TriggerTable({ rows }: { readonly rows: readonly TriggerRow[] }) {
  return (
    <Table.ScrollContainer minWidth={980} type="native">
      <Table highlightOnHover stickyHeader className="rows">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w={200}>Trigger</Table.Th>
            <Table.Th>On</Table.Th>
            <Table.Th w={110}>Starts</Table.Th>
            <Table.Th w={120}>Quota</Table.Th>
            {COUNTS.map(([what, label, about]) => (
              <Table.Th key={what} w={76} ta="right" title={about}>
                {label}
              </Table.Th>
            ))}
            <Table.Th w={110}>Last</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.code}>
              <Table.Td>
                <strong>{row.title ?? row.code}</strong>
                {row.title && <div className="dim">{row.code}</div>}
              </Table.Td>
              <Table.Td>
                <code>{row.on ?? row.cron?.text}</code>
                {row.cron && <Next cron={row.cron} />}
                {row.when && <div className="dim clip">{row.when}</div>}
                <Window row={row} />
              </Table.Td>
              <Table.Td>
                <Starts row={row} />
              </Table.Td>
              <Table.Td>{row.quota ? quotaText(row.quota) : <span className="dim">–</span>}</Table.Td>
              {COUNTS.map(([what]) => (
                <Table.Td key={what} ta="right" className="num">
                  {what === 'failed' && row.counts.failed > 0 ? (
                    <span className="state" data-tone="bad">
                      {row.counts.failed}
                    </span>
                  ) : (
                    row.counts[what]
                  )}
                </Table.Td>
              ))}
              <Table.Td>{row.lastAt ? <Ago at={row.lastAt} /> : <span className="dim">never</span>}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

const quotaText = ({ max, by }: NonNullable<TriggerRow['quota']>): string => (by ? `${max} per ${by}` : String(max));

function Starts({ row: { flow, play, playsOf } }: { readonly row: TriggerRow }) {
  const named = flow ?? playsOf;
  if (named === null) return <>play {play}</>;
  return (
    <>
      {flow === null && 'plays of '}
      <Link to="/definitions/$flow" params={{ flow: named }} className="plain">
        {named}
      </Link>
    </>
  );
}

function Next({ cron: { zone, missed, nextAt } }: { readonly cron: NonNullable<TriggerRow['cron']> }) {
  return (
    <div className="dim" title={`Of ticks that were missed: ${MISSED[missed]}`}>
      {zone}, {nextAt ? <>next {absolute(nextAt)}</> : 'no more'}
    </div>
  );
}

const MISSED = { skip: 'none is started', once: 'the last is started', all: 'all are started' } as const;

function Window({ row: { window } }: { readonly row: TriggerRow }) {
  if (!window) return null;
  const { from, to } = window;
  return (
    <div className="dim">
      {from && `from ${absolute(from)} `}
      {to && `to ${absolute(to)}`}
    </div>
  );
}
