import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { whyQuery } from '../../api/queries.js';
import type { NodeView } from '../../api/wire.js';
import { Opinions } from '../routing/rules/Opinions.js';
import { Loading, Trouble } from '../small/Notes.js';

interface Props {
  readonly instance: string;
  readonly visit: NodeView;
}

/** Why a node went to its lane, and what its conditions read of circuits: everything that was asked, on demand. The sentence stands above it. */
export function WhyDetails({ instance, visit }: Props) {
  const [open, setOpen] = useState(false);
  return (
    <details className="why" onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary>{visit.lane === null ? 'What it read of circuits' : 'Why this lane, in full'}</summary>
      {open && <Reasons instance={instance} visit={visit} />}
    </details>
  );
}

function Reasons({ instance, visit }: Props) {
  const why = useQuery(whyQuery(instance, visit));
  if (why.error) return <Trouble error={why.error} onRetry={() => void why.refetch()} />;
  if (!why.data) return <Loading what="the reasons" />;
  const { subject, opinions, asked } = why.data;
  if (opinions.length + asked.length === 0)
    return (
      <p className="dim">
        {visit.lane === null ? 'No condition of it asked for one.' : 'Nothing spoke against the default.'}
      </p>
    );
  return (
    <>
      {subject && (
        <p className="dim">
          Whose health counted: <code>{subject}</code>
        </p>
      )}
      {asked.map(({ node, subject: of, open, said }) => (
        <p className="dim" key={`${node} ${of} ${open} ${said}`}>
          <code>circuit.open</code> for {node} was {String(open)}: {said ?? `nothing keeps ${of} back`}
        </p>
      ))}
      <Opinions opinions={opinions} />
    </>
  );
}
