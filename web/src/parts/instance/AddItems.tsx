import { Button, Checkbox, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client.js';
import { useAllowed } from '../../api/useAllowed.js';
import type { NodeView } from '../../api/wire.js';
import { parsed } from '../../model/form.js';
import { Icon } from '../small/Icon.js';
import { Trouble } from '../small/Notes.js';

interface Props {
  readonly instance: string;
  /** A node with `each` that takes more items. */
  readonly visit: NodeView;
}

/** Opens the form for items that a person adds to a node that takes more, or says that there are all. */
export function AddItems({ instance, visit }: Props) {
  const [opened, setOpened] = useState(false);
  const allowed = useAllowed('operator');
  return (
    <>
      <Button variant="default" {...allowed} leftSection={<Icon name="plus" />} onClick={() => setOpened(true)}>
        Add items…
      </Button>
      <Modal opened={opened} onClose={() => setOpened(false)} title={`Items of ${visit.node}`} size="lg">
        <Form instance={instance} visit={visit} onClose={() => setOpened(false)} />
      </Modal>
    </>
  );
}

function Form({ instance, visit, onClose }: Props & { readonly onClose: () => void }) {
  // What was there when the person began to write: with others by now, nothing is added twice.
  const [seen, setSeen] = useState(visit.items?.total ?? 0);
  const [text, setText] = useState('[]');
  const [last, setLast] = useState(false);
  const client = useQueryClient();
  const items = parsed(text);
  const isList = Array.isArray(items);
  const add = useMutation({
    mutationFn: () =>
      post(`/instances/${encodeURIComponent(instance)}/items`, {
        node: visit.node,
        visit: visit.visit,
        items,
        last,
        seen,
      }),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['instance', instance] });
      onClose();
    },
    onError: () => client.invalidateQueries({ queryKey: ['instance', instance] }),
  });
  const total = visit.items?.total ?? 0;
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (isList && (items.length > 0 || last)) add.mutate();
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {add.error && <Trouble error={add.error} />}
        <Text size="sm">
          {total === 1 ? 'There is 1 item.' : `There are ${total} items.`}
          {total !== seen && ' Others have come since this form was opened.'}
        </Text>
        <Textarea
          label="Items"
          description="A JSON list; they are added behind those that there are."
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          error={isList ? null : 'Expected a JSON list, but it is none.'}
          autosize
          minRows={4}
          maxRows={16}
          classNames={{ input: 'mono' }}
          spellCheck={false}
          data-autofocus
        />
        <Checkbox
          label="No more are to come after these"
          checked={last}
          onChange={(event) => setLast(event.currentTarget.checked)}
        />
        <Group justify="flex-end" gap="xs">
          {total !== seen && (
            <Button variant="default" onClick={() => setSeen(total)}>
              Add to these as well
            </Button>
          )}
          <Button type="submit" loading={add.isPending} disabled={!isList || (items.length === 0 && !last)}>
            {last && isList && items.length === 0 ? 'Close the node' : 'Add'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
