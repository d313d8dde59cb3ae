import { Button, Group, Select, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../../api/client.js';
import { definitionQuery, definitionsQuery } from '../../../api/queries.js';
import type { ExplainView } from '../../../api/wire.js';
import { Trouble } from '../../small/Notes.js';
import { Opinions } from './Opinions.js';

/** Where a message that could be would go now. */
export function Explain() {
  const flows = useQuery(definitionsQuery());
  const [flow, setFlow] = useState<string | null>(null);
  const [node, setNode] = useState<string | null>(null);
  const [attempt, setAttempt] = useState('1');
  const [dim, setDim] = useState('');
  const ask = useMutation({
    mutationFn: () => {
      const at = dim.indexOf('=');
      const dims = at > 0 ? { dims: { [dim.slice(0, at).trim()]: dim.slice(at + 1).trim() } } : {};
      return post<ExplainView>('/routing/explain', {
        flow,
        node: node ?? undefined,
        attempt: Number(attempt || 1),
        ...dims,
      });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    ask.mutate();
  };
  return (
    <section className="routing-part" aria-label="A message">
      <header className="routing-head">
        <h2>Where would a message go?</h2>
      </header>
      <form onSubmit={submit} className="card routing-card">
        <Group align="flex-end" gap="sm">
          <Select
            label="Flow"
            data={(flows.data ?? []).map((each) => each.flow)}
            value={flow}
            onChange={(value) => {
              setFlow(value);
              setNode(null);
            }}
            searchable
            w={220}
          />
          {flow && <Nodes key={flow} flow={flow} node={node} onChoose={setNode} />}
          <TextInput
            label="Attempt"
            inputMode="numeric"
            value={attempt}
            onChange={(event) => setAttempt(event.currentTarget.value.replaceAll(/\D/g, ''))}
            w={90}
          />
          <TextInput
            label="Dimension"
            placeholder="bank=south"
            value={dim}
            onChange={(event) => setDim(event.currentTarget.value)}
            w={180}
          />
          <Button type="submit" disabled={!flow} loading={ask.isPending}>
            Ask
          </Button>
        </Group>
        {ask.error && <Trouble error={ask.error} />}
        {ask.data && (
          <div className="answer">
            <p>
              <strong>{ask.data.reason}</strong>
              {ask.data.message.subject && (
                <span className="dim">
                  {' '}
                  Whose health counts: <code>{ask.data.message.subject}</code>
                </span>
              )}
            </p>
            <Opinions opinions={ask.data.opinions} />
          </div>
        )}
      </form>
    </section>
  );
}

interface NodesProps {
  readonly flow: string;
  readonly node: string | null;
  readonly onChoose: (node: string | null) => void;
}

function Nodes({ flow, node, onChoose }: NodesProps) {
  const definition = useQuery(definitionQuery(flow, undefined));
  const nodes = (definition.data?.map.nodes ?? []).filter(({ kind }) => kind === 'task' || kind === 'timer');
  return <Select label="Node" data={nodes.map(({ id }) => id)} value={node} onChange={onChoose} clearable w={180} />;
}
