import { Button, Group, Modal, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client.js';
import type { DefinitionView, Json, Started } from '../../api/wire.js';
import { exampleOf } from '../../model/example.js';
import { Trouble } from '../small/Notes.js';

interface Props {
  readonly definition: DefinitionView;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Starts an instance of the shown version, from an input in the shape that the flow asks for. */
export function StartForm({ definition, opened, onClose }: Props) {
  const { flow, version, title } = definition;
  return (
    <Modal opened={opened} onClose={onClose} title={`Start ${title ?? flow} v${version}`} size="lg">
      <Form definition={definition} />
    </Modal>
  );
}

function Form({ definition }: { readonly definition: DefinitionView }) {
  const { flow, version } = definition;
  const [text, setText] = useState(() => JSON.stringify(exampleOf(definition.input), null, 2));
  const [key, setKey] = useState('');
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: (input: Json) => post<Started>('/instances', { flow, version, ...(key && { key }), input }),
    onSuccess: (started) => started && navigate({ to: '/instances/$id', params: { id: started.id } }),
  });
  const read = readJson(text);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (read.ok) start.mutate(read.value);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {start.error && <Trouble error={start.error} />}
        <Textarea
          label="Input"
          description="JSON; what the flow calls input"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={read.ok ? undefined : read.problem}
          autosize
          minRows={8}
          maxRows={22}
          spellCheck={false}
          classNames={{ input: 'mono' }}
          data-autofocus
        />
        <TextInput
          label="Business key"
          description="Leave empty to let the flow's own key expression decide"
          value={key}
          onChange={(event) => setKey(event.currentTarget.value.trim())}
        />
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            A live instance with the same key is opened instead of a second one.
          </Text>
          <Button type="submit" size="sm" loading={start.isPending} disabled={!read.ok}>
            Start
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

type Read = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly problem: string };

function readJson(text: string): Read {
  try {
    return { ok: true, value: JSON.parse(text) as Json };
  } catch (error) {
    return { ok: false, problem: `Expected JSON, but: ${error instanceof Error ? error.message : String(error)}` };
  }
}
