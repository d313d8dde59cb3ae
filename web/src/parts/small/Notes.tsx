import { Button, Center, Code, Loader, Stack, Text } from '@mantine/core';
import type { ReactNode } from 'react';
import { Problem } from '../../api/client.js';
import { Copy } from './Copy.js';
import { Icon } from './Icon.js';

interface EmptyProps {
  readonly title: string;
  readonly children?: ReactNode;
  readonly command?: string;
  readonly action?: ReactNode;
}

/** Nothing is here; what to do next, as a command where there is one. */
export function Empty({ title, children, command, action }: EmptyProps) {
  return (
    <Center className="empty">
      <Stack gap={6} align="center" maw={620}>
        <Text fw={600}>{title}</Text>
        {children && (
          <Text c="dimmed" size="sm" ta="center">
            {children}
          </Text>
        )}
        {action}
        {command && (
          <div className="command">
            <Code>{command}</Code>
            <Copy value={command} what="command" />
          </div>
        )}
      </Stack>
    </Center>
  );
}

export function Trouble({ error, onRetry }: { readonly error: Error; readonly onRetry?: (() => void) | undefined }) {
  const title = error instanceof Problem ? error.title : 'Something went wrong';
  const code = error instanceof Problem ? error.code : null;
  return (
    <div className="banner" data-tone="bad" role="alert">
      <Icon name="alert" size={16} />
      <div className="grow">
        <strong>{title}</strong> {code && <code>{code}</code>}
        {error.message !== title && <div>{error.message}</div>}
      </div>
      {onRetry && (
        <Button variant="default" onClick={onRetry}>
          Try again
        </Button>
      )}
    </div>
  );
}

export function Loading({ what }: { readonly what: string }) {
  return (
    <Center className="empty" role="status" aria-label={`Loading ${what}`}>
      <Loader size="sm" type="dots" />
    </Center>
  );
}
