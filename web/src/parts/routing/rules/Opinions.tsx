import { Table } from '@mantine/core';
import type { Opinion } from '../../../api/wire.js';

/** What every stage said, and what of it was taken. */
export function Opinions({ opinions }: { readonly opinions: readonly Opinion[] }) {
  return (
    <Table className="rows opinions">
      <Table.Tbody>
        {opinions.map((opinion) => (
          <Table.Tr key={`${opinion.stage} ${opinion.code}`} data-won={opinion.won.length > 0}>
            <Table.Td>
              <code>{opinion.stage}</code>
              {opinion.won.length > 0 && <div className="dim">won {opinion.won.join(', ')}</div>}
            </Table.Td>
            <Table.Td>
              {opinion.said}
              <div className="dim">{asked(opinion)}</div>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function asked({ lane, delayMs, action }: Opinion): string {
  const wait = delayMs === null ? null : `${Math.ceil(delayMs / 100) / 10} s`;
  return [action, lane && `lane ${lane}`, wait].filter(Boolean).join(' · ');
}
