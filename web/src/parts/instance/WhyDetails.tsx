import { Table } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { whyQuery } from '../../api/queries.js';
import type { NodeView, Opinion } from '../../api/types.js';
import { Loading, Trouble } from '../small/Notes.js';

interface Props {
  readonly instance: string;
  readonly visit: NodeView;
}

/** Why a node went to its lane: everything that was asked, on demand. The sentence stands above it. */
export function WhyDetails({ instance, visit }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details className="why" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>Why this lane, in full</summary>
      {open && <Opinions instance={instance} visit={visit} />}
    </details>
  );
}

function Opinions({ instance, visit }: Props) {
  const why = useQuery(whyQuery(instance, visit));
  if (why.error) return <Trouble error={why.error} onRetry={() => void why.refetch()} />;
  if (!why.data) return <Loading what="the reasons" />;
  const { subject, opinions } = why.data;
  if (opinions.length === 0) return <p className="dim">Nothing spoke against the default.</p>;
  return (
    <>
      {subject && (
        <p className="dim">
          Whose health counted: <code>{subject}</code>
        </p>
      )}
      <Table className="rows incidents opinions">
        <Table.Tbody>
          {opinions.map((opinion) => (
            <Table.Tr key={`${opinion.stage} ${opinion.code}`}>
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
    </>
  );
}

function asked({ lane, delayMs, action }: Opinion): string {
  const wait = delayMs === null ? null : `${Math.ceil(delayMs / 100) / 10} s`;
  return [action, lane && `lane ${lane}`, wait].filter(Boolean).join(' · ');
}
