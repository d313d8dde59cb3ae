import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { transitionsQuery } from '../../api/queries.js';
import { Sheet } from '../small/Sheet.js';
import { Ago } from '../small/Time.js';
import { ToneOf } from './Subjects.js';

/** Which circuits and latency classes changed, and why. */
export function Transitions() {
  const { data = [] } = useQuery(transitionsQuery());
  if (data.length === 0) return null;
  return (
    <Sheet title="What changed" head={['Subject', ['From', 110], ['To', 110], 'Why', ['When', 120]]}>
      {data.slice(0, 20).map(({ subject, from, to, cause, at }) => (
        <Table.Tr key={`${subject} ${at} ${to}`}>
          <Table.Td>
            <code>{subject}</code>
          </Table.Td>
          <Table.Td>
            <ToneOf state={from} />
          </Table.Td>
          <Table.Td>
            <ToneOf state={to} />
          </Table.Td>
          <Table.Td>{cause ?? <span className="dim">its time had come</span>}</Table.Td>
          <Table.Td>
            <Ago at={at} />
          </Table.Td>
        </Table.Tr>
      ))}
    </Sheet>
  );
}
