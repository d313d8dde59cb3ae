import { Button, Group, Table, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { post } from '../../../api/client.js';
import type { PlacedProblem, ReplayView } from '../../../api/wire.js';
import { Trouble } from '../../small/Notes.js';
import { Problems, problemsOf } from '../../small/Problems.js';

const EXAMPLE = `rules:
  - code: reports-wait
    match: { tag: report }
    lane: retry
    delay: 10m
    reason: reports may wait
`;

interface Published {
  readonly version: number;
  readonly rules: number;
  readonly problems: readonly PlacedProblem[];
}

/** What a draft of rules would have changed, and its publishing. */
export function TryRules() {
  const [source, setSource] = useState(EXAMPLE);
  const client = useQueryClient();
  const tried = useMutation({ mutationFn: () => post<ReplayView>('/routing/replay', { source }) });
  const published = useMutation({
    mutationFn: () => post<Published>('/routing/rules', { source }),
    onSuccess: () => client.invalidateQueries({ queryKey: ['routing'] }),
  });
  const error = published.error ?? tried.error;
  return (
    <section className="routing-part" aria-label="A draft of rules">
      <header className="routing-head">
        <h2>What would other rules change?</h2>
      </header>
      <div className="card routing-card">
        <Textarea
          aria-label="Rules"
          value={source}
          onChange={(event) => {
            setSource(event.currentTarget.value);
            tried.reset();
            published.reset();
          }}
          autosize
          minRows={6}
          maxRows={20}
          spellCheck={false}
          classNames={{ input: 'draft' }}
        />
        <Group gap="sm">
          <Button onClick={() => tried.mutate()} loading={tried.isPending}>
            Try on the latest decisions
          </Button>
          <Button variant="default" onClick={() => published.mutate()} loading={published.isPending}>
            Publish
          </Button>
          {published.data && (
            <span>
              Version {published.data.version} is in force, with{' '}
              {published.data.rules === 1 ? '1 rule' : `${published.data.rules} rules`}.
            </span>
          )}
        </Group>
        {error && <Trouble error={error} />}
        <Problems problems={problemsOf(error) ?? published.data?.problems ?? []} />
        {tried.data && <Moves replayed={tried.data} />}
      </div>
    </section>
  );
}

function Moves({ replayed: { looked, moved, later, sooner } }: { readonly replayed: ReplayView }) {
  const delays = later + sooner > 0 ? ` A rule would ask a longer delay of ${later}, a shorter one of ${sooner}.` : '';
  return (
    <div className="answer">
      <p>
        <strong>
          {moved.length === 0
            ? `Of the ${looked} latest decisions none would have gone elsewhere.`
            : `Of the ${looked} latest decisions ${moved.reduce((sum, { count }) => sum + count, 0)} would have gone elsewhere.`}
        </strong>
        {delays}
      </p>
      {moved.length > 0 && (
        <Table className="rows">
          <Table.Tbody>
            {moved.map(({ from, to, count, samples }) => (
              <Table.Tr key={`${from} ${to}`}>
                <Table.Td w={90} className="num">
                  {count}×
                </Table.Td>
                <Table.Td w={190}>
                  <code>{from}</code> → <code>{to}</code>
                </Table.Td>
                <Table.Td>
                  {samples.map(({ instance, flow, node, visit, reason }) => (
                    <div key={`${instance} ${node} ${visit}`}>
                      <Link to="/instances/$id" params={{ id: instance }} search={{ node, visit }}>
                        {flow} · {node}
                      </Link>{' '}
                      <span className="dim">{reason}</span>
                    </div>
                  ))}
                </Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </div>
  );
}
