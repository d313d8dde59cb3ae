import { describe, expect, it } from 'vitest';
import { end, flow, join, start, task, timer } from '../../../support/build-definition.js';
import { Bench, completed, failed, fired, type Happening, retried, started } from '../../../support/flow-spec.js';

const definition = flow(
  {
    begin: start(),
    t: timer({ ms: 60_000 }),
    a: task({ retry: { remote: [60_000], max: 3 } }),
    both: join('all'),
    done: end(),
  },
  ['begin -> t & a', 't & a -> both', 'both -> done'],
);
const cancel = (node: string, dispatch: number | null = null): Happening => ({
  type: 'delay.cancelled',
  node,
  visit: 1,
  dispatch,
  by: 'ann',
  reason: 'I have called the bank',
});

describe('a delay that a person cancels', () => {
  const waiting = (): Bench => {
    const bench = new Bench(definition);
    for (const one of [started(), failed('a', 'BUSY')]) expect(bench.happens(one).ok).toBe(true);
    return bench;
  };

  it('becomes an incident that says who and why, and nothing else of the instance moves', () => {
    const bench = waiting();
    const due = new Date(bench.row('a')?.wakeAt ?? 0).toISOString();
    const answer = bench.happens(cancel('a', 2));
    expect(answer).toMatchObject({
      ok: true,
      value: { effects: [{ type: 'incident.raised', node: 'a', code: 'DELAY_CANCELLED' }], outputs: [] },
    });
    const row = bench.row('a');
    expect(row).toMatchObject({ status: 'incident', attempt: 2, queue: null, wakeAt: null });
    expect(row?.error?.message).toBe(
      `Expected 'a' to go at ${due}, but ann has cancelled that: I have called the bank. Retry it by name to go on after all, or cancel the instance.`,
    );
    expect(bench.row('t')?.status).toBe('waiting');
    expect(bench.instance).toMatchObject({ status: 'incident', incidents: 1, active: 2 });
  });

  it('of a task goes on by a retry by name, and not by one of everything', () => {
    const bench = waiting();
    bench.happens(cancel('a'));
    expect(bench.happens(retried())).toMatchObject({ ok: false, error: { reason: 'nothing-to-retry' } });
    const again = bench.happens(retried('a'));
    expect(again.ok && again.value.effects).toMatchObject([
      { type: 'incident.resolved' },
      { type: 'dispatch', node: 'a', attempt: 3, cause: 'operator', delayMs: 0 },
    ]);
    expect(bench.happens(completed('a', {}, { attempt: 3 })).ok).toBe(true);
  });

  it('of a timer waits on for the rest of its time, by a retry by name', () => {
    const bench = waiting();
    const dueAt = bench.row('t')?.wakeAt as number;
    bench.happens(cancel('t'));
    expect(bench.row('t')?.status).toBe('incident');
    expect(bench.happens(fired('t')).ok).toBe(false);
    const again = bench.happens(retried('t'));
    const [, sent] = again.ok ? again.value.effects : [];
    expect(sent).toMatchObject({ type: 'dispatch', kind: 'timer', handler: null, attempt: 2, cause: 'timer' });
    expect(bench.row('t')).toMatchObject({ status: 'waiting', error: null, wakeAt: dueAt });
    expect(bench.instance.state.facts).toEqual({});
    expect(bench.happens({ ...fired('t'), attempt: 1 } as Happening).ok).toBe(false);
    expect(bench.happens({ ...fired('t'), attempt: 2 } as Happening).ok).toBe(true);
  });

  it('is let be when it is due, has moved since, or waits for nothing', () => {
    const bench = waiting();
    expect(bench.happens(cancel('a', 1))).toMatchObject({ error: { reason: 'stale-attempt' } });
    expect(bench.happens(cancel('begin'))).toMatchObject({ error: { reason: 'unknown-node-instance' } });
    const early = new Bench(definition);
    early.happens(started());
    expect(early.happens(cancel('a'))).toMatchObject({ error: { reason: 'not-waiting' } });
    expect(bench.happens(cancel('a')).ok).toBe(true);
    expect(bench.happens(cancel('a'))).toMatchObject({ error: { reason: 'not-waiting' } });
  });
});
