import { Icon, type IconName } from '../small/Icon.js';

const LOOKS: Readonly<Record<string, readonly [tone: string, icon: IconName]>> = {
  live: ['live', 'play'],
  paused: ['warn', 'pause'],
  ended: ['off', 'check'],
};

/** The state of a play, as icon and word. */
export function PlayState({ state }: { readonly state: string }) {
  const [tone, icon] = LOOKS[state] ?? ['off', 'dot'];
  return (
    <span className="state" data-tone={tone}>
      <Icon name={icon} size={12} />
      {state}
    </span>
  );
}
