import { Button, Tooltip } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post } from '../../api/client.js';
import { useAllowed } from '../../api/useAllowed.js';
import { Icon } from '../small/Icon.js';

interface Props {
  readonly instance: string;
  /** Retry this node alone; `null`: all that failed. */
  readonly node?: string | null;
  readonly visit?: number | undefined;
  readonly label: string;
  readonly filled?: boolean;
}

export function RetryButton({ instance, node = null, visit, label, filled = false }: Props) {
  const client = useQueryClient();
  const allowed = useAllowed('operator');
  const retry = useMutation({
    mutationFn: () => post(`/instances/${encodeURIComponent(instance)}/retry`, node ? { node, visit } : {}),
    onSuccess: async () => {
      // The same node may fail again: then the button must be one again.
      setTimeout(() => retry.reset(), 2500);
      await Promise.all([
        client.invalidateQueries({ queryKey: ['instance', instance] }),
        client.invalidateQueries({ queryKey: ['incidents'] }),
      ]);
    },
  });
  return (
    <Tooltip
      label={retry.error?.message}
      disabled={!retry.error}
      opened={retry.isError}
      color="red"
      multiline
      maw={320}
    >
      <Button
        variant={filled ? 'filled' : 'default'}
        {...allowed}
        loading={retry.isPending}
        onClick={() => retry.mutate()}
        leftSection={<Icon name={retry.isSuccess ? 'check' : 'repeat'} />}
      >
        {retry.isSuccess ? 'Sent' : label}
      </Button>
    </Tooltip>
  );
}
