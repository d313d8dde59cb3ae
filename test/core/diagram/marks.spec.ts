import { describe, expect, it } from 'vitest';
import { markOf, tellingVisits } from '../../../src/core/diagram/marks.js';
import type { NodeInstance } from '../../../src/core/flow/instance.js';

const row = (more: Partial<NodeInstance>): NodeInstance => ({
  node: 'a',
  visit: 1,
  status: 'ready',
  attempt: 1,
  dispatch: 1,
  lane: 'normal',
  queue: 2,
  wakeAt: 100,
  reason: null,
  polls: 0,
  via: [],
  cause: null,
  startedAt: 0,
  endedAt: null,
  error: null,
  ...more,
});

const degraded = { subject: 's', code: 'circuit.fallback', rules: null, trace: [], degraded: true } as const;

describe('the mark of a node', () => {
  it('is idle before it was visited', () => {
    expect(markOf(undefined, 0)).toBe('idle');
  });

  it.each([
    { more: {}, now: 100, mark: 'queued' },
    { more: {}, now: 99, mark: 'delayed' },
    { more: { attempt: 2 }, now: 99, mark: 'retrying' },
    { more: { attempt: 2 }, now: 100, mark: 'queued' },
    { more: { wakeAt: null }, now: 0, mark: 'queued' },
    { more: { status: 'waiting' }, now: 0, mark: 'waiting' },
    { more: { status: 'done' }, now: 0, mark: 'done' },
    { more: { status: 'done', receipt: degraded }, now: 0, mark: 'degraded' },
    { more: { status: 'incident', receipt: degraded }, now: 0, mark: 'incident' },
    { more: { status: 'incident' }, now: 0, mark: 'incident' },
    { more: { status: 'cancelling' }, now: 0, mark: 'cancelled' },
    { more: { status: 'cancelled' }, now: 0, mark: 'cancelled' },
    { more: { status: 'compensated' }, now: 0, mark: 'compensated' },
    { more: { status: 'skipped' }, now: 0, mark: 'skipped' },
  ] as const)('is $mark for $more at $now', ({ more, now, mark }) => {
    expect(markOf(row(more), now)).toBe(mark);
  });

  it('is running on word from the engine that runs it, but only while it is ready', () => {
    expect(markOf(row({}), 0, true)).toBe('running');
    expect(markOf(row({ status: 'done' }), 0, true)).toBe('done');
  });

  it.each([
    { visits: [{ status: 'done' }, { status: 'ready' }], telling: 2, why: 'the latest' },
    { visits: [{ status: 'ready' }, { status: 'done' }], telling: 1, why: 'what is active before what is over' },
    { visits: [{ status: 'incident' }, { status: 'ready' }], telling: 1, why: 'an incident before all' },
  ] as const)('is of visit $telling of $visits: $why', ({ visits, telling }) => {
    const rows = visits.map((more, i) => row({ ...more, visit: i + 1 }));
    expect(tellingVisits(rows).get('a')?.visit).toBe(telling);
    expect(tellingVisits([...rows].reverse()).get('a')?.visit).toBe(telling);
  });
});
