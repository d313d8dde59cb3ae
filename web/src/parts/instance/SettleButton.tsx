import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client.js';
import { useAllowed } from '../../api/useAllowed.js';
import type { NodeView } from '../../api/wire.js';
import type { Part } from '../../model/graph/participants.js';
import { Icon } from '../small/Icon.js';
import { Trouble } from '../small/Notes.js';

interface Props {
  readonly instance: string;
  readonly visit: NodeView;
  readonly part: Part;
}

/** For a participant that could not be asked to confirm, or to cancel: a person has done it in its own way, and says how. */
export function SettleButton({ instance, visit, part }: Props) {
  const [opened, setOpened] = useState(false);
  const allowed = useAllowed('operator');
  return (
    <>
      <Button
        variant="default"
        {...allowed}
        onClick={() => setOpened(true)}
        leftSection={<Icon name="check" />}
        aria-label={`Settle ${part.name} by hand`}
      >
        Settle by hand
      </Button>
      {opened && <SettleDialog instance={instance} visit={visit} part={part} onClose={() => setOpened(false)} />}
    </>
  );
}

function SettleDialog({ instance, visit, part, onClose }: Props & { readonly onClose: () => void }) {
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const settle = useMutation({
    mutationFn: () => {
      const body = { node: visit.node, visit: visit.visit, reason };
      return post(`/instances/${encodeURIComponent(instance)}/settle`, body);
    },
    onSuccess: async () => {
      onClose();
      await Promise.all([
        client.invalidateQueries({ queryKey: ['instance', instance] }),
        client.invalidateQueries({ queryKey: ['incidents'] }),
      ]);
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    settle.mutate();
  };
  return (
    <Modal opened onClose={onClose} title={`Settle ${part.name} by hand`}>
      <form onSubmit={submit}>
        <Stack gap="sm">
          {settle.error && <Trouble error={settle.error} />}
          <Text size="sm">
            {`You say that ${part.name} ${part.phase === 'confirm' ? 'is confirmed' : 'is cancelled'} at the partner. It is not asked again, and the instance goes on.`}
          </Text>
          <TextInput
            label="How it was settled"
            description="Kept with the node and in the audit"
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
            data-autofocus
          />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              Leave it
            </Button>
            <Button type="submit" loading={settle.isPending} disabled={reason.trim() === ''}>
              It is settled
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}
