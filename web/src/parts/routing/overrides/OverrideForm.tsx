import { Autocomplete, Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../../api/client.js';
import { lanesQuery } from '../../../api/queries.js';
import { Trouble } from '../../small/Notes.js';

const SAYS: Readonly<Record<string, { readonly label: string; readonly body: object }>> = {
  hold: { label: 'Hold: nothing is sent', body: { hold: true } },
  open: { label: 'Take the circuit for open', body: { circuit: 'open' } },
  closed: { label: 'Take the circuit for closed', body: { circuit: 'closed' } },
  ignore: { label: 'Ignore circuits', body: { ignoreCircuit: true } },
  freeze: { label: 'Freeze the subject as it is', body: { freeze: true } },
};
const PIN = 'pin';
/** Where circuits send; nobody pins there. */
const PROBE = 'probe';
/** As lanes may be called; one that is not there yet is made. */
const LANE = /^[a-z][a-z0-9-]{0,31}$/;
const LASTS = [
  { value: '15', label: '15 minutes' },
  { value: '60', label: '1 hour' },
  { value: '240', label: '4 hours' },
  { value: '1440', label: '24 hours' },
];
/** A minute less than a day: the clocks of browser and server differ. */
const LONGEST_MIN = 1_439;
const ABOUT = [
  { value: 'subject', label: 'Subject' },
  { value: 'flow', label: 'Flow' },
  { value: 'handler', label: 'Handler' },
  { value: 'tag', label: 'Tag' },
  { value: 'all', label: 'Every message' },
];
const EXAMPLES: Readonly<Record<string, string>> = {
  subject: 'bank.pay[bank=south], bank=south or bank.pay',
  flow: 'order',
  handler: 'payment.charge',
  tag: 'report',
};

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Puts an override in force. */
export function OverrideForm({ opened, onClose }: Props) {
  return (
    <Modal opened={opened} onClose={onClose} title="Override the router">
      <Form onClose={onClose} />
    </Modal>
  );
}

function Form({ onClose }: Pick<Props, 'onClose'>) {
  const [says, setSays] = useState('hold');
  const [lane, setLane] = useState('normal');
  const lanes = useQuery(lanesQuery());
  const [about, setAbout] = useState('subject');
  const [which, setWhich] = useState('');
  const [minutes, setMinutes] = useState('60');
  const [reason, setReason] = useState('');
  const client = useQueryClient();
  const set = useMutation({
    mutationFn: () => {
      const until = new Date(Date.now() + Math.min(Number(minutes), LONGEST_MIN) * 60_000).toISOString();
      const match = about === 'all' ? {} : { [about]: which };
      const body = says === PIN ? { lane } : SAYS[says]?.body;
      return post('/routing/overrides', { ...body, match, until, reason });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['routing'] });
      onClose();
    },
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    set.mutate();
  };
  const known = (lanes.data ?? []).flatMap((row) => (row.lane !== PROBE && row.state === 'open' ? [row.lane] : []));
  const goes = says !== PIN || (LANE.test(lane) && lane !== PROBE);
  const whole = (about === 'all' || which !== '') && goes;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {set.error && <Trouble error={set.error} />}
        <Select
          label="What"
          data={[
            ...Object.entries(SAYS).map(([value, { label }]) => ({ value, label })),
            { value: PIN, label: 'Pin to a lane' },
          ]}
          value={says}
          onChange={(value) => setSays(value ?? 'hold')}
          allowDeselect={false}
        />
        {says === PIN && (
          <Autocomplete
            label="Lane"
            description="One that is there, or a new name: its queue is made within a second"
            data={known}
            value={lane}
            onChange={setLane}
            error={goes ? null : 'Small letters, digits and -, at most 32; not probe'}
          />
        )}
        <Group grow align="flex-start">
          <Select
            label="For messages of"
            data={ABOUT}
            value={about}
            onChange={(value) => setAbout(value ?? 'subject')}
            allowDeselect={false}
          />
          {about !== 'all' && (
            <TextInput
              label="Which"
              placeholder={EXAMPLES[about] ?? ''}
              value={which}
              onChange={(event) => setWhich(event.currentTarget.value)}
            />
          )}
        </Group>
        <Select
          label="For how long"
          data={LASTS}
          value={minutes}
          onChange={(value) => setMinutes(value ?? '60')}
          allowDeselect={false}
        />
        <TextInput
          label="Reason"
          description="For everyone who asks why"
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button type="submit" loading={set.isPending} disabled={!whole || reason === ''}>
            Override
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
