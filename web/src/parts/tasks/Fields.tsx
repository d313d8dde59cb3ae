import { Group, Radio, Select, Textarea, TextInput } from '@mantine/core';
import type { Field, Typed } from '../../model/form.js';

interface Props {
  readonly fields: readonly Field[];
  readonly typed: Typed;
  /** By field, what is wrong with it. */
  readonly faults: Readonly<Record<string, string>>;
  readonly onType: (name: string, text: string) => void;
}

/** A form made of what its schema says. */
export function Fields({ fields, typed, faults, onType }: Props) {
  return fields.map((field) => {
    const { name, label, hint, kind, required, options } = field;
    const value = typed[name] ?? '';
    const about = { label, description: hint, withAsterisk: required, error: faults[name] };
    if (kind === 'yes-no') {
      return (
        <Radio.Group key={name} {...about} value={value} onChange={(answer) => onType(name, answer)}>
          <Group gap="md" pt={4}>
            <Radio value="yes" label="Yes" />
            <Radio value="no" label="No" />
          </Group>
        </Radio.Group>
      );
    }
    if (kind === 'choice') {
      const data = options.map(String);
      return (
        <Select
          key={name}
          {...about}
          data={data}
          value={value || null}
          clearable={!required}
          onChange={(answer) => onType(name, answer ?? '')}
        />
      );
    }
    const typing = {
      ...about,
      value,
      onChange: (event: { currentTarget: { value: string } }) => onType(name, event.currentTarget.value),
    };
    if (kind === 'long') return <Textarea key={name} {...typing} autosize minRows={2} maxRows={10} />;
    return <TextInput key={name} {...typing} inputMode={kind === 'number' ? 'decimal' : 'text'} />;
  });
}
