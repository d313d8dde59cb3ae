import { ActionIcon, Button, CopyButton, Group, Menu, Modal, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '../../api/client.js';
import { useAllowed } from '../../api/useAllowed.js';
import type { InstanceView } from '../../api/wire.js';
import { isOver } from '../../model/graph/looks.js';
import { Icon } from '../small/Icon.js';

interface Props {
  readonly instance: InstanceView;
  readonly onProblem: (text: string | null) => void;
}

/** What is done seldom, and what cannot be undone. */
export function InstanceMenu({ instance, onProblem }: Props) {
  const { id, key, status, nodes } = instance;
  const [asking, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const { disabled, title } = useAllowed('operator');
  const cancel = useMutation({
    mutationFn: () => post(`/instances/${encodeURIComponent(id)}/cancel`),
    onMutate: () => onProblem(null),
    onError: (error) => onProblem(error.message),
    onSuccess: () => client.invalidateQueries({ queryKey: ['instance', id] }),
    onSettled: close,
  });
  const active = nodes.filter((node) => node.endedAt === null).length;
  return (
    <>
      <Menu position="bottom-end" width={220}>
        <Menu.Target>
          <ActionIcon size={30} variant="default" aria-label="More actions">
            <Icon name="more" />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <CopyButton value={window.location.href}>
            {({ copy }) => (
              <Menu.Item leftSection={<Icon name="external" />} onClick={copy}>
                Copy link
              </Menu.Item>
            )}
          </CopyButton>
          <CopyButton value={`sluice show ${id}`}>
            {({ copy }) => (
              <Menu.Item leftSection={<Icon name="copy" />} onClick={copy}>
                Copy as command
              </Menu.Item>
            )}
          </CopyButton>
          <Menu.Divider />
          <Menu.Item
            color="red"
            leftSection={<Icon name="cross" />}
            onClick={open}
            disabled={disabled || isOver(status)}
            title={title}
          >
            Cancel instance…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Modal opened={asking} onClose={close} title={`Cancel ${key ?? id}?`} size="sm">
        <Text size="sm">
          {active === 1 ? '1 node is active and stops.' : `${active} nodes are active and stop.`} What is done stays
          done, and a cancelled instance cannot be resumed.
        </Text>
        <Group justify="flex-end" mt="md" gap="xs">
          <Button variant="default" onClick={close} data-autofocus>
            Keep it running
          </Button>
          <Button color="red" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            Cancel instance
          </Button>
        </Group>
      </Modal>
    </>
  );
}
