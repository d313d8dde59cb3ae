import { Group, TextInput } from '@mantine/core';
import type { PlayDraft } from '../../model/play-draft.js';

interface Props {
  readonly draft: PlayDraft;
  /** By field, what is wrong with it. */
  readonly faults: Readonly<Record<string, string>>;
  readonly onChange: (change: Partial<PlayDraft>) => void;
}

/** What every play has: its title, its time, those it is for, how often it starts, and why. */
export function PlayFields({ draft, faults, onChange }: Props) {
  const typing = (name: keyof PlayDraft) => ({
    value: draft[name],
    onChange: (event: { currentTarget: { value: string } }) => onChange({ [name]: event.currentTarget.value }),
  });
  return (
    <>
      <TextInput label="Title" description="What people read" {...typing('title')} />
      <Group grow align="flex-start">
        <TextInput
          label="From"
          description="In your time"
          type="datetime-local"
          error={faults['window']}
          {...typing('from')}
        />
        <TextInput label="To" description="Empty: it has no end" type="datetime-local" {...typing('to')} />
      </Group>
      <TextInput
        label="Audience"
        description="A condition over input and play; empty: everybody"
        placeholder={'input.country == "CN"'}
        classNames={{ input: 'mono' }}
        error={faults['audience']}
        {...typing('audience')}
      />
      <Group grow align="flex-start">
        <TextInput
          label="Quota"
          description="Most starts, for ever; empty: no bound"
          inputMode="numeric"
          {...typing('max')}
        />
        <TextInput
          label="Of each"
          description="Counted apart for each value of it"
          placeholder="input.uid"
          classNames={{ input: 'mono' }}
          error={faults['quota/by']}
          {...typing('by')}
        />
      </Group>
      <TextInput label="Reason" description="For everyone who asks why" {...typing('reason')} />
    </>
  );
}
