import { Button } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api/client.js';
import { meQuery } from '../../api/queries.js';
import type { PlayView } from '../../api/wire.js';
import { isAllowed } from '../../model/access/roles.js';
import { PlayForm } from './PlayForm.js';

interface Props {
  readonly play: PlayView;
  readonly onProblem: (problem: string | null) => void;
}

/** What can be done to a play. Ending it is asked twice: it cannot be taken back. */
export function PlayActions({ play, onProblem }: Props) {
  const { code, state } = play;
  const me = useQuery(meQuery());
  const client = useQueryClient();
  const [changing, setChanging] = useState(false);
  const [ending, setEnding] = useState(false);
  const turn = useMutation({
    mutationFn: (verb: 'pause' | 'resume' | 'end') => post(`/plays/${encodeURIComponent(code)}/${verb}`),
    onSuccess: () => {
      onProblem(null);
      setEnding(false);
      return client.invalidateQueries({ queryKey: ['plays'] });
    },
    onError: (error) => onProblem(error.message),
  });
  if (state === 'ended' || !isAllowed(me.data, 'operator')) return null;
  const next = state === 'live' ? 'pause' : 'resume';
  return (
    <div className="actions">
      <Button onClick={() => setChanging(true)}>Change…</Button>
      <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate(next)}>
        {next === 'pause' ? 'Pause' : 'Resume'}
      </Button>
      <Button
        variant="default"
        data-tone={ending ? 'bad' : undefined}
        onClick={() => (ending ? turn.mutate('end') : setEnding(true))}
        onBlur={() => setEnding(false)}
      >
        {ending ? 'End it for ever' : 'End…'}
      </Button>
      {changing && <PlayForm play={play} onClose={() => setChanging(false)} />}
    </div>
  );
}
