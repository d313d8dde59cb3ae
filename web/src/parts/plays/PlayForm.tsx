import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client.js';
import { definitionQuery, definitionsQuery } from '../../api/queries.js';
import type { PlayRow, PlayView } from '../../api/wire.js';
import { exampleOf } from '../../model/example.js';
import { faultsOf, fieldsOf, missingIn, outputOf, parsed, type Typed } from '../../model/form.js';
import { bodyOf, draftOf, EMPTY_PLAY, type PlayDraft, typedOf } from '../../model/play-draft.js';
import { Trouble } from '../small/Notes.js';
import { useFocusBack } from '../small/useFocusBack.js';
import { Fields } from '../tasks/Fields.js';
import { PlayFields } from './PlayFields.js';

interface Props {
  /** The play to change; left out: a new one. */
  readonly play?: PlayView;
  readonly onClose: () => void;
}

/** Configures a flow, or changes how it is configured. */
export function PlayForm({ play, onClose }: Props) {
  useFocusBack();
  const title = play ? `Change ${play.title ?? play.code}` : 'Put a play online';
  return (
    <Modal opened onClose={onClose} title={title} size="lg">
      <Form {...(play && { play })} onClose={onClose} />
    </Modal>
  );
}

function Form({ play, onClose }: Props) {
  const flows = useQuery(definitionsQuery());
  const [flow, setFlow] = useState<string | null>(play?.flow ?? null);
  const [code, setCode] = useState(play?.code ?? '');
  const chosen = useQuery({ ...definitionQuery(flow ?? '', undefined), enabled: flow !== null });
  const schema = chosen.data?.play ?? null;
  const [draft, setDraft] = useState<PlayDraft>(play ? draftOf(play) : EMPTY_PLAY);
  const [typed, setTyped] = useState<Typed>(play ? typedOf(play.params) : {});
  const [text, setText] = useState<string | null>(play ? JSON.stringify(play.params, null, 2) : null);
  const client = useQueryClient();
  const fields = schema === null ? null : fieldsOf(schema);
  const shown = text ?? JSON.stringify(exampleOf(schema ?? undefined), null, 2);
  const params = fields ? outputOf(fields, typed) : parsed(shown);
  const save = useMutation({
    mutationFn: () => {
      const body = { ...bodyOf(draft), params };
      if (!play) return post<PlayRow>('/plays', { code, flow, ...body });
      return post<PlayRow>(`/plays/${encodeURIComponent(play.code)}/change`, { ...body, revision: play.revision });
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ['plays'] });
      onClose();
    },
  });
  const faults = faultsOf(save.error, /^\/(?:params\/)?(.+)/);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const whole = flow !== null && code !== '' && schema !== null && params !== null;
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        {save.error && <Trouble error={save.error} />}
        {!play && (
          <Group grow align="flex-start">
            <Select
              label="Flow"
              data={flows.data?.map((row) => row.flow) ?? []}
              value={flow}
              onChange={setFlow}
              searchable
              withAsterisk
              error={
                flow && chosen.data && schema === null ? 'It says nothing under play: no play can configure it.' : null
              }
            />
            <TextInput
              label="Code"
              description="Its name, for ever: small letters, digits and -"
              value={code}
              onChange={(event) => setCode(event.currentTarget.value.trim())}
              withAsterisk
            />
          </Group>
        )}
        {schema !== null && fields && (
          <Fields
            fields={fields}
            typed={typed}
            faults={faults}
            onType={(name, value) => setTyped((before) => ({ ...before, [name]: value }))}
          />
        )}
        {schema !== null && !fields && (
          <Textarea
            label="Parameters"
            description="JSON"
            value={shown}
            onChange={(event) => setText(event.currentTarget.value)}
            error={params === null ? 'Expected JSON, but it is none.' : undefined}
            autosize
            minRows={4}
            maxRows={16}
            spellCheck={false}
            classNames={{ input: 'mono' }}
          />
        )}
        <PlayFields
          draft={draft}
          faults={faults}
          onChange={(change) => setDraft((known) => ({ ...known, ...change }))}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Leave it
          </Button>
          <Button
            type="submit"
            loading={save.isPending}
            disabled={!whole || (fields !== null && missingIn(fields, typed).length > 0)}
          >
            {play ? 'Change' : 'Put online'}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
