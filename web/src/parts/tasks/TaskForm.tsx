import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client.js';
import { taskQuery } from '../../api/queries.js';
import type { Json, TaskView } from '../../api/wire.js';
import { exampleOf } from '../../model/example.js';
import { faultsOf, fieldsOf, missingIn, outputOf, parsed, type Typed } from '../../model/form.js';
import { JsonText } from '../small/Code.js';
import { Loading, Trouble } from '../small/Notes.js';
import { Fields } from './Fields.js';

export interface TaskPlace {
  readonly instance: string;
  readonly node: string;
  readonly visit: number;
}

interface Props {
  /** `null`: none was opened yet. */
  readonly place: TaskPlace | null;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/**
 * Completes a manual node: what there is to see, and what its form asks for. It is there before it is opened, so that it
 * knows where the focus came from.
 */
export function TaskForm({ place, opened, onClose }: Props) {
  const task = useQuery({ ...taskQuery(place ?? NOWHERE), enabled: opened && place !== null });
  return (
    <Modal opened={opened} onClose={onClose} title={task.data?.title ?? place?.node} size="lg">
      {task.error && <Trouble error={task.error} onRetry={() => void task.refetch()} />}
      {task.isPending && <Loading what="the form" />}
      {task.data && <Form task={task.data} onClose={onClose} />}
    </Modal>
  );
}

const NOWHERE: TaskPlace = { instance: '', node: '', visit: 0 };

function Form({ task, onClose }: { readonly task: TaskView; readonly onClose: () => void }) {
  const fields = fieldsOf(task.form);
  const [typed, setTyped] = useState<Typed>({});
  const [text, setText] = useState(() => JSON.stringify(exampleOf(task.form), null, 2));
  const client = useQueryClient();
  const { instance, node, visit } = task;
  const complete = useMutation({
    mutationFn: (output: Json) =>
      post(`/instances/${encodeURIComponent(instance)}/nodes/${encodeURIComponent(node)}/complete`, { output, visit }),
    onSuccess: async () => {
      await Promise.all([
        client.invalidateQueries({ queryKey: ['tasks'] }),
        client.invalidateQueries({ queryKey: ['instance', instance] }),
      ]);
      onClose();
    },
  });
  const read = fields ? outputOf(fields, typed) : parsed(text);
  const faults = faultsOf(complete.error, /^\/([^/]+)/);
  const elsewhere = complete.error && !fields?.some(({ name }) => name in faults) ? complete.error : null;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (read !== null) complete.mutate(read);
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {task.shown && <JsonText value={task.shown} what="what there is to see" />}
        {elsewhere && <Trouble error={elsewhere} />}
        {fields ? (
          <Fields
            fields={fields}
            typed={typed}
            faults={faults}
            onType={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
          />
        ) : (
          <Textarea
            label="Answer"
            description="JSON"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            error={read === null ? 'Expected JSON, but it is none.' : undefined}
            autosize
            minRows={5}
            maxRows={20}
            spellCheck={false}
            classNames={{ input: 'mono' }}
          />
        )}
        <Group justify="space-between">
          <Text size="xs" c="dimmed">
            {task.assignee ? `For ${task.assignee}.` : 'For anybody.'} It counts once.
          </Text>
          <Button
            type="submit"
            size="sm"
            loading={complete.isPending}
            disabled={read === null || (fields !== null && missingIn(fields, typed).length > 0)}
          >
            Complete
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
