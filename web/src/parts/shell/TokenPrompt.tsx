import { Button, Center, Code, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { setToken, wasRefused } from '../../api/session.js';
import { tokenFromPaste } from '../../model/access/token.js';
import { Icon } from '../small/Icon.js';

/** Shown instead of every page until there is a token. It stays in this tab. */
export function TokenPrompt() {
  const [text, setText] = useState('');
  const token = tokenFromPaste(text);
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (token) setToken(token);
  };
  return (
    <Center mih="100vh" p="md" component="main">
      <form onSubmit={submit} className="card prompt">
        <Stack gap="sm">
          <Title order={1} size="h3">
            Sluice needs a token
          </Title>
          <Text size="sm" c="dimmed">
            Open the link that Sluice printed when it started, or paste it here. It looks like{' '}
            <Code>http://127.0.0.1:3000/#token=…</Code>; the token alone will do. This tab alone keeps it.
          </Text>
          <PasswordInput
            label="Token or link"
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autoComplete="off"
            error={
              wasRefused() && text === ''
                ? 'Sluice did not take the last one. After a restart there is a new link.'
                : undefined
            }
            data-autofocus
            size="sm"
          />
          <Button type="submit" size="sm" disabled={!token} leftSection={<Icon name="key" />}>
            Open the console
          </Button>
        </Stack>
      </form>
    </Center>
  );
}
