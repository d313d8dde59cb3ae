import { Button, Group, Modal, Stack, Text } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { activate } from '../../api/version-queries.js';
import { Trouble } from '../small/Notes.js';

interface Props {
  readonly flow: string;
  readonly version: number;
  /** What starts get now. */
  readonly starts: number;
  readonly disabled: boolean;
}

/** Lets starts get a version, once somebody has said yes. */
export function ActivateButton({ flow, version, starts, disabled }: Props) {
  const [asking, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const mutation = useMutation({
    mutationFn: () => activate(flow, version),
    onSuccess: async () => {
      await Promise.all(
        [['flow-versions', flow], ['audit'], ['definitions'], ['definition', flow]].map((queryKey) =>
          client.invalidateQueries({ queryKey }),
        ),
      );
      close();
    },
  });
  return (
    <>
      <Button variant="default" size="compact-xs" onClick={open} disabled={disabled}>
        Activate<span className="sr"> v{version}</span>…
      </Button>
      <Modal opened={asking} onClose={close} title={`Let starts of ${flow} get v${version}?`}>
        <Stack gap="sm">
          {mutation.error && <Trouble error={mutation.error} />}
          <Text size="sm">
            Starts get v{starts} now. From the next second on they get v{version} at every engine, until a new version
            is published. Instances that are there stay in theirs.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close} data-autofocus>
              Leave v{starts}
            </Button>
            <Button loading={mutation.isPending} onClick={() => mutation.mutate()}>
              Activate v{version}
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
