import { expect, it } from 'vitest';
import type { ShownInstance } from '../../src/cli/commands/show/shown.js';
import { spansOf } from '../../src/cli/commands/show/trace.js';
import { traceparent } from '../../src/worker/traceparent.js';

const INSTANCE = '01a2029d-4416-713d-9574-0d88224e4f8e';
const at = (seconds: number): string => new Date(Date.UTC(2026, 10, 22, 9, 0, seconds)).toISOString();
const failed = {
  attempt: 1,
  how: 'failed' as const,
  decision: 'retried',
  error: { code: 'BUSY', message: 'm', permanent: false },
  at: at(3),
  lane: 'normal',
};

const view = {
  id: INSTANCE,
  flow: 'order',
  version: 2,
  key: 'A-1',
  status: 'running' as const,
  outcome: null,
  startedAt: at(0),
  endedAt: null,
  active: 1,
  nodes: [
    {
      id: `${INSTANCE}.charge.1`,
      node: 'charge',
      visit: 1,
      shown: 'done',
      attempt: 2,
      polls: 0,
      lane: 'retry',
      reason: 'attempt 2',
      wakeAt: null,
      startedAt: at(1),
      endedAt: at(9),
      output: null,
      error: null,
      attempts: [failed],
    },
  ],
  incidents: [],
} satisfies ShownInstance;

it('writes an instance as a trace, each visit to a node as a span with its attempts', () => {
  const [root, charge] = spansOf(view);
  const traceId = INSTANCE.replaceAll('-', '');
  expect(root).toMatchObject({ traceId, name: 'order', tags: { instance: INSTANCE, key: 'A-1', status: 'running' } });
  expect(root).not.toHaveProperty('parentId');
  expect(root).not.toHaveProperty('duration');
  expect(charge).toMatchObject({
    traceId,
    parentId: root?.id,
    name: 'charge',
    timestamp: Date.parse(at(1)) * 1_000,
    duration: 8_000_000,
    localEndpoint: { serviceName: 'sluice/order' },
    tags: { attempt: '2', lane: 'retry', status: 'done' },
    annotations: [{ timestamp: Date.parse(at(3)) * 1_000, value: 'attempt 1 failed: BUSY' }],
  });
  expect(charge?.tags).not.toHaveProperty('error');
  expect(new Set([root?.id, charge?.id]).size).toBe(2);
});

it('gives handlers the very span that is written', () => {
  const [root, charge] = spansOf(view);
  const header = traceparent({ instance: INSTANCE, idempotencyKey: `${INSTANCE}.charge.1` });
  expect(header).toBe(`00-${charge?.traceId}-${charge?.id}-01`);
  expect(header).not.toContain(root?.id);
});
