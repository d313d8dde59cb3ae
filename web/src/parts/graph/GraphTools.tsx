import { ActionIcon, Tooltip } from '@mantine/core';
import { Icon, type IconName } from '../small/Icon.js';
import type { PanZoom } from './panZoom.js';

export function GraphTools({ tools, onTurn }: { readonly tools: PanZoom; readonly onTurn: () => void }) {
  const buttons: readonly { icon: IconName; label: string; run: () => void }[] = [
    { icon: 'plus', label: 'Zoom in (+)', run: () => tools.zoomBy(1.25) },
    { icon: 'minus', label: 'Zoom out (-)', run: () => tools.zoomBy(0.8) },
    { icon: 'fit', label: 'Show all (0)', run: tools.fit },
    { icon: 'turn', label: 'Turn: left to right, or top to bottom', run: onTurn },
  ];
  return (
    <div className="graph-tools" role="toolbar" aria-label="Graph">
      {buttons.map(({ icon, label, run }) => (
        <Tooltip key={icon} label={label} position="left">
          <ActionIcon size={26} aria-label={label} onClick={run}>
            <Icon name={icon} />
          </ActionIcon>
        </Tooltip>
      ))}
    </div>
  );
}
