import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lanesQuery, rulesQuery, subjectsQuery } from '../api/queries.js';
import type { LaneRow, SubjectRow } from '../api/types.js';
import { Rules } from '../parts/routing/Rules.js';
import { PageHead } from '../parts/shell/PageHead.js';
import { Empty, Loading, Trouble } from '../parts/small/Notes.js';
import { Ago } from '../parts/small/Time.js';

/** Whose health the engine that answers watches, and what lies in its lanes. */
export function RoutingPage() {
  const subjects = useQuery(subjectsQuery());
  const lanes = useQuery(lanesQuery());
  const rules = useQuery(rulesQuery());
  return (
    <>
      <PageHead title="Routing" tab="Routing" />
      <section className="page">
        {subjects.error && <Trouble error={subjects.error} onRetry={() => void subjects.refetch()} />}
        {subjects.isPending && <Loading what="subjects" />}
        {subjects.data?.length === 0 && (
          <Empty title="Nobody was called yet">
            Every handler that runs appears here, and every value that its task keeps apart with{' '}
            <code>circuit: {'{ by }'}</code>. What is shown is what the engine that answers has learnt since it started.
          </Empty>
        )}
        {subjects.data && subjects.data.length > 0 && <Subjects rows={subjects.data} />}
        {rules.data && rules.data.version !== null && <Rules {...rules.data} />}
        {lanes.data && <Lanes rows={lanes.data} />}
      </section>
    </>
  );
}

const TONES: Readonly<Record<SubjectRow['circuit'], string>> = {
  closed: 'good',
  open: 'bad',
  'half-open': 'warn',
  ramp: 'warn',
};

function Subjects({ rows }: { readonly rows: readonly SubjectRow[] }) {
  return (
    <Table.ScrollContainer minWidth={860} type="native">
      <Table className="rows incidents">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Subject</Table.Th>
            <Table.Th w={110}>Circuit</Table.Th>
            <Table.Th w={110}>Since</Table.Th>
            <Table.Th w={90}>Latency</Table.Th>
            <Table.Th w={90}>p50</Table.Th>
            <Table.Th w={90}>p95</Table.Th>
            <Table.Th w={90}>Calls/min</Table.Th>
            <Table.Th w={90}>Failed</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={row.subject}>
              <Table.Td>
                <code>{row.subject}</code>
                {row.cause && <div className="dim">{row.cause}</div>}
              </Table.Td>
              <Table.Td>
                <span className="state" data-tone={TONES[row.circuit]}>
                  {row.circuit}
                </span>
              </Table.Td>
              <Table.Td>{row.since ? <Ago at={row.since} /> : <span className="dim">–</span>}</Table.Td>
              <Table.Td>{row.latency}</Table.Td>
              <Table.Td className="num">{row.calls > 0 ? `${row.p50Ms} ms` : '–'}</Table.Td>
              <Table.Td className="num">{row.calls > 0 ? `${row.p95Ms} ms` : '–'}</Table.Td>
              <Table.Td className="num">{row.calls}</Table.Td>
              <Table.Td className="num">{row.failed}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}

function Lanes({ rows }: { readonly rows: readonly LaneRow[] }) {
  return (
    <Table.ScrollContainer minWidth={320} type="native" mt="md">
      <Table className="rows incidents">
        <Table.Thead>
          <Table.Tr>
            <Table.Th>Lane</Table.Th>
            <Table.Th w={200}>Ready messages</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map(({ lane, depth, full }) => (
            <Table.Tr key={lane}>
              <Table.Td>{lane}</Table.Td>
              <Table.Td className="num">
                {depth ?? '?'}
                {full && ' (full)'}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Table.ScrollContainer>
  );
}
