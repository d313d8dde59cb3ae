import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../../api/client.js';
import type { DelayRow } from '../../../api/wire.js';
import { Trouble } from '../../small/Notes.js';

interface Props {
  readonly row: DelayRow;
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Asks why, and keeps what waits from going at its time. */
export function CancelDelay({ row, opened, onClose }: Props) {
  const { instance, node, visit, dispatch } = row;
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const cancel = useMutation({
    mutationFn: () =>
      post(`/instances/${encodeURIComponent(instance)}/nodes/${encodeURIComponent(node)}/cancel-delay`, {
        visit,
        dispatch,
        reason,
      }),
    onSuccess: async () => {
      onClose();
      await client.invalidateQueries({ queryKey: ['delays'] });
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    cancel.mutate();
  };
  return (
    <Modal opened={opened} onClose={onClose} title={`Cancel the wait of ${node}`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {cancel.error && <Trouble error={cancel.error} />}
          <Text size="sm">It becomes an incident. Retry it there to go on after all, or cancel the instance.</Text>
          <TextInput
            label="Reason"
            description="For everyone who asks why"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" color="red" loading={cancel.isPending} disabled={reason === ''}>
              Cancel the wait
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
