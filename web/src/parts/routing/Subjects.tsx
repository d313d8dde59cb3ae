import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { subjectsQuery } from '../../api/queries.js';
import type { SubjectRow } from '../../api/wire.js';
import { Loading, Trouble } from '../small/Notes.js';
import { NoRows, Sheet } from '../small/Sheet.js';
import { Ago } from '../small/Time.js';

const TONES: Readonly<Record<string, string>> = { closed: 'ok', open: 'bad', 'half-open': 'warn', ramp: 'warn' };

/** A state of a circuit, or a class of latency. */
export const ToneOf = ({ state }: { readonly state: string }) => (
  <span className="state" data-tone={TONES[state] ?? (state === 'slow' ? 'warn' : 'off')}>
    {state}
  </span>
);

/** Whose health is watched, the unwell first. */
export function Subjects() {
  const subjects = useQuery(subjectsQuery());
  if (subjects.error && !subjects.data)
    return <Trouble error={subjects.error} onRetry={() => void subjects.refetch()} />;
  if (!subjects.data) return <Loading what="subjects" />;
  return (
    <Sheet
      title="Partners"
      head={[
        'Subject',
        ['Circuit', 110],
        ['Since', 110],
        ['Latency', 100],
        ['p50', 90],
        ['p95', 90],
        ['Calls/min', 90],
        ['Failed', 90],
      ]}
      minWidth={860}
    >
      {subjects.data.length === 0 && (
        <NoRows columns={8}>
          Nobody was called yet. Every handler that runs appears here, and every value that its task keeps apart with{' '}
          <code>circuit: {'{ by }'}</code>.
        </NoRows>
      )}
      {subjects.data.map((row) => (
        <Subject key={row.subject} row={row} />
      ))}
    </Sheet>
  );
}

function Subject({ row }: { readonly row: SubjectRow }) {
  const { subject, cause, circuit, since, latency, calls, failed, p50Ms, p95Ms } = row;
  return (
    <Table.Tr>
      <Table.Td>
        <code>{subject}</code>
        {cause && <div className="dim">{cause}</div>}
      </Table.Td>
      <Table.Td>
        <ToneOf state={circuit} />
      </Table.Td>
      <Table.Td>{since ? <Ago at={since} /> : <span className="dim">–</span>}</Table.Td>
      <Table.Td>{latency === 'normal' ? <span className="dim">normal</span> : <ToneOf state={latency} />}</Table.Td>
      <Table.Td className="num">{calls > 0 ? `${p50Ms} ms` : '–'}</Table.Td>
      <Table.Td className="num">{calls > 0 ? `${p95Ms} ms` : '–'}</Table.Td>
      <Table.Td className="num">{calls}</Table.Td>
      <Table.Td className="num">{calls > 0 ? `${failed} (${Math.round((failed / calls) * 100)} %)` : failed}</Table.Td>
    </Table.Tr>
  );
}
