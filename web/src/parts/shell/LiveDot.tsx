import { Tooltip, UnstyledButton } from '@mantine/core';
import { useSyncExternalStore } from 'react';
import { type LiveState, live } from '../../api/live.js';
import { relative } from '../../model/time.js';
import { useNow } from '../small/Time.js';

const WORDS: Readonly<Record<LiveState, string>> = { open: 'Live', connecting: 'Connecting', closed: 'Not live' };

/** Whether what is shown changes by itself, and when something was last heard. */
export function LiveDot() {
  const state = useSyncExternalStore(live.watch, live.state);
  const now = useNow();
  const at = live.lastAt();
  const heard = at === null ? 'nothing heard yet' : `last word from the engine: ${relative(at, now)}`;
  const label = state === 'open' ? heard : `${heard}; the pages ask every few seconds instead`;
  return (
    <Tooltip label={label} position="right" multiline maw={260}>
      <UnstyledButton className="live" data-live={state} aria-label={`${WORDS[state]}: ${heard}`}>
        <span className="live-dot" />
        {WORDS[state]}
      </UnstyledButton>
    </Tooltip>
  );
}
