import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { instancesOf } from '../../model/migration.js';
import { Loading, Trouble } from '../small/Notes.js';
import { MigrationOutcome } from './MigrationOutcome.js';
import { useMigration } from './useMigration.js';

interface Props {
  readonly flow: string;
  readonly to: number;
  readonly others: readonly number[];
  readonly onClose: () => void;
}

/** Says first what would come of it, instance by instance; moves those that can only when it is told to. */
export function MigrateForm({ flow, to, others, onClose }: Props) {
  const [from, setFrom] = useState('');
  const client = useQueryClient();
  const { report, state, error, look, move } = useMigration(flow, { to, ...(from && { from: Number(from) }) });
  const moveAll = async (): Promise<void> => {
    await move();
    await Promise.all(
      [['audit'], ['instances'], ['instance']].map((queryKey) => client.invalidateQueries({ queryKey })),
    );
  };
  const moved = state === 'moved' || state === 'moving';
  return (
    <Stack gap="sm">
      {error && <Trouble error={error} onRetry={moved ? undefined : look} />}
      <Select
        label="Instances of"
        data={[
          { value: '', label: 'every other version' },
          ...others.map((one) => ({ value: String(one), label: `v${one} alone` })),
        ]}
        value={from}
        onChange={(value) => setFrom(value ?? '')}
        allowDeselect={false}
        disabled={moved}
      />
      <div aria-live="polite">
        {(state === 'looking' || state === 'moving') && report.looked === 0 && <Loading what="instances" />}
        {(report.looked > 0 || state === 'looked' || state === 'moved') && (
          <MigrationOutcome report={report} to={to} done={moved} going={state === 'looking' || state === 'moving'} />
        )}
      </div>
      <Group justify="space-between" wrap="nowrap">
        <Text size="xs" c="dimmed">
          {moved ? 'Who moved them is in the audit.' : 'Nothing has been changed yet.'}
        </Text>
        <Group gap="xs" wrap="nowrap">
          <Button variant="default" onClick={onClose}>
            {state === 'moved' ? 'Close' : 'Leave them'}
          </Button>
          {state !== 'moved' && (
            <Button
              loading={state === 'moving'}
              disabled={state !== 'looked' || report.moves === 0}
              onClick={() => void moveAll()}
            >
              {state === 'looked' && report.moves > 0 ? `Move ${instancesOf(report.moves)}` : 'Move'}
            </Button>
          )}
        </Group>
      </Group>
    </Stack>
  );
}
