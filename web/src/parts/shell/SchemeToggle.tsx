import { ActionIcon, type MantineColorScheme, Tooltip, useMantineColorScheme } from '@mantine/core';
import { Icon, type IconName } from '../small/Icon.js';

const NEXT: Readonly<Record<MantineColorScheme, MantineColorScheme>> = { auto: 'light', light: 'dark', dark: 'auto' };
const ICON: Readonly<Record<MantineColorScheme, IconName>> = { auto: 'auto', light: 'sun', dark: 'moon' };
const WORD: Readonly<Record<MantineColorScheme, string>> = { auto: 'as the system', light: 'light', dark: 'dark' };

export function SchemeToggle() {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const label = `Colours: ${WORD[colorScheme]}. Switch to ${WORD[NEXT[colorScheme]]}`;
  return (
    <Tooltip label={label} position="right">
      <ActionIcon size={26} aria-label={label} onClick={() => setColorScheme(NEXT[colorScheme])}>
        <Icon name={ICON[colorScheme]} size={15} />
      </ActionIcon>
    </Tooltip>
  );
}
