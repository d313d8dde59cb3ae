import type { Instance, NodeInstance } from '../../../src/core/flow/instance.js';

export const ID = '019e0000-0000-7000-8000-000000000001';
export const OTHER = '019e0000-0000-7000-8000-000000000002';

export const anInstance = (more: Partial<Instance> = {}): Instance => ({
  id: ID,
  flow: 'order',
  version: 1,
  key: '4711',
  status: 'running',
  seq: 1,
  active: 1,
  incidents: 0,
  outcome: null,
  state: { arrivals: {}, absorbing: {}, visits: {}, facts: {} },
  startedAt: 1_000,
  endedAt: null,
  ...more,
});

export const aNode = (more: Partial<NodeInstance> = {}): NodeInstance => ({
  node: 'charge',
  visit: 1,
  status: 'ready',
  attempt: 1,
  dispatch: 1,
  lane: 'normal',
  queue: 2,
  wakeAt: 2_000,
  reason: 'normal: attempt 1, no rule says otherwise',
  polls: 0,
  via: [0],
  cause: { node: 'begin', visit: 1 },
  startedAt: 2_000,
  endedAt: null,
  error: null,
  ...more,
});
