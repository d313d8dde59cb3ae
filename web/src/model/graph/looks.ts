import type { InstanceRow } from '../../api/wire.js';

/** The six tones of the palette. A tone never stands alone: each state has a word and an icon too. */
export type Tone = 'live' | 'wait' | 'warn' | 'ok' | 'bad' | 'off';

export type StateIcon =
  | 'play'
  | 'pause'
  | 'clock'
  | 'repeat'
  | 'queue'
  | 'check'
  | 'alert'
  | 'cross'
  | 'skip'
  | 'undo'
  | 'dot';

export interface Look {
  readonly label: string;
  readonly tone: Tone;
  readonly icon: StateIcon;
  /** Whether the state can still change by itself. */
  readonly moving: boolean;
}

const look = (label: string, tone: Tone, icon: StateIcon, moving = false): Look => ({ label, tone, icon, moving });

const NODE: Readonly<Record<string, Look>> = {
  ready: look('Ready', 'live', 'queue', true),
  queued: look('Queued', 'live', 'queue', true),
  running: look('Running', 'live', 'play', true),
  held: look('Held', 'wait', 'pause', true),
  delayed: look('Delayed', 'wait', 'clock', true),
  waiting: look('Waiting', 'wait', 'clock', true),
  retrying: look('Retrying', 'warn', 'repeat', true),
  done: look('Done', 'ok', 'check'),
  degraded: look('Degraded', 'warn', 'check'),
  incident: look('Incident', 'bad', 'alert'),
  skipped: look('Skipped', 'off', 'skip'),
  cancelling: look('Cancelling', 'off', 'cross', true),
  cancelled: look('Cancelled', 'off', 'cross'),
  compensated: look('Compensated', 'warn', 'undo'),
};

const INSTANCE: Readonly<Record<string, Look>> = {
  running: look('Running', 'live', 'play', true),
  paused: look('Paused', 'wait', 'pause'),
  incident: look('Incident', 'bad', 'alert', true),
  compensating: look('Compensating', 'warn', 'undo', true),
  completed: look('Completed', 'ok', 'check'),
  failed: look('Failed', 'bad', 'cross'),
  cancelled: look('Cancelled', 'off', 'cross'),
};

export const INSTANCE_STATUSES = Object.keys(INSTANCE) as readonly InstanceRow['status'][];

/** How a node's state is drawn. A state that this console does not know is shown by its own word. */
export const nodeLook = (shown: string): Look => own(NODE, shown) ?? look(shown, 'off', 'dot');
export const instanceLook = (status: string): Look => own(INSTANCE, status) ?? look(status, 'off', 'dot');

export const isOver = (status: string): boolean =>
  status === 'completed' || status === 'failed' || status === 'cancelled';

const own = (table: Readonly<Record<string, Look>>, key: string): Look | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;
