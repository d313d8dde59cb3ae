import { ActionIcon, CopyButton, Tooltip } from '@mantine/core';
import { Icon } from './Icon.js';

/** Copies a value. `what` completes "Copy …": `id`, `key`, `Mermaid text`. */
export function Copy({ value, what }: { readonly value: string; readonly what: string }) {
  return (
    <CopyButton value={value} timeout={1500}>
      {({ copied, copy }) => (
        <Tooltip label={copied ? 'Copied' : `Copy ${what}`}>
          <ActionIcon
            className="copy"
            size={20}
            aria-label={`Copy ${what}`}
            color={copied ? 'teal' : 'gray'}
            onClick={(event) => {
              event.stopPropagation();
              copy();
            }}
          >
            <Icon name={copied ? 'check' : 'copy'} size={13} />
          </ActionIcon>
        </Tooltip>
      )}
    </CopyButton>
  );
}
