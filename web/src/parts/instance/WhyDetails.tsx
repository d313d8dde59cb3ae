import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { whyQuery } from '../../api/queries.js';
import type { NodeView } from '../../api/types.js';
import { Opinions } from '../routing/Opinions.js';
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
      {open && <Reasons instance={instance} visit={visit} />}
    </details>
  );
}

function Reasons({ instance, visit }: Props) {
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
      <Opinions opinions={opinions} />
    </>
  );
}
