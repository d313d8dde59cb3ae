import type { InstanceRow, InstanceView, NodeView } from '../../../web/src/api/wire.js';
import type { News } from '../../../web/src/model/patch.js';

/** Views as the API gives them, for tests of what the console makes of them. */
const ID = '019aa000-0000-7000-8000-000000000005';

export const node = (name: string, shown: string, more: Partial<NodeView> = {}): NodeView => ({
  id: `${ID}.${name}.${more.visit ?? 1}`,
  node: name,
  visit: 1,
  status: (['queued', 'running', 'retrying', 'delayed', 'held'].includes(shown)
    ? 'ready'
    : shown) as NodeView['status'],
  item: null,
  items: null,
  shown,
  attempt: 1,
  polls: 0,
  lane: 'normal',
  reason: null,
  via: [],
  wakeAt: null,
  startedAt: '2026-11-21T11:59:00.000Z',
  endedAt: '2026-11-21T11:59:01.000Z',
  output: null,
  error: null,
  attempts: [],
  ...more,
});

export const row = (more: Partial<InstanceRow> = {}): InstanceRow => ({
  id: ID,
  flow: 'loan',
  version: 3,
  key: 'L-1',
  status: 'running',
  outcome: null,
  startedAt: '2026-11-21T11:59:00.000Z',
  endedAt: null,
  active: 1,
  incidents: 0,
  ending: null,
  ...more,
});

export const instance = (more: Partial<InstanceView> = {}): InstanceView => {
  return { ...row(), play: null, input: {}, vars: {}, arrivals: {}, nodes: [], incidents: [], ...more };
};

export const event = (more: Partial<News> = {}): News => ({
  seq: 2,
  id: ID,
  flow: 'loan',
  version: 3,
  key: 'L-1',
  status: 'running',
  ...more,
});
