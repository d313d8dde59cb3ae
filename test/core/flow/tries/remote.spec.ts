import { describe, expect, it } from 'vitest';
import { DATABASE_TIMER } from '../../../../src/core/routing/lane.js';
import { end, flow, start, task } from '../../../support/build-definition.js';
import { cancelled, completed, failed, given, type Happening, started } from '../../../support/flow-spec.js';

const outside = flow(
  { begin: start(), a: task({ remote: true, timeoutMs: 10_000, retry: { remote: [5_000], max: 3 } }), done: end() },
  ['begin -> a -> done'],
);
const handed: Happening = { type: 'task.handed', node: 'a', visit: 1, attempt: 1, dispatch: 1 };
const beat: Happening = { type: 'task.beat', node: 'a', visit: 1, attempt: 1 };
const polled = (polls: number): Happening => ({
  type: 'task.polled',
  node: 'a',
  visit: 1,
  attempt: 1,
  polls,
  delayMs: 700,
});

describe('an attempt that a remote worker has', () => {
  it('waits in the database alone, for as long as the task says', () => {
    const bench = given(outside)
      .after(started())
      .when({ ...handed, at: 2_000 })
      .gives();
    expect(bench.row('a')).toMatchObject({ status: 'waiting', attempt: 1, queue: DATABASE_TIMER, wakeAt: 12_000 });
  });

  it('costs no write of the instance', () => {
    expect(given(outside).after(started()).when(handed).transition().instanceChanged).toBe(false);
  });

  it('goes on by its answer', () => {
    given(outside).after(started(), handed).when(completed('a')).gives('= completed done');
  });

  it('goes on by an answer that is here before the word that it was handed', () => {
    given(outside).after(started(), completed('a')).when(handed).rejects('instance-over');
  });

  it('is tried again when it failed, and then waits for nothing', () => {
    const bench = given(outside)
      .after(started(), handed)
      .when(failed('a', 'TIMEOUT'))
      .gives('~ a failed: retried in 5 s', 'a x2 +5000 retry');
    expect(bench.row('a')).toMatchObject({ status: 'ready', attempt: 2 });
  });

  it('takes no late answer of an earlier attempt', () => {
    given(outside).after(started(), handed, failed('a', 'TIMEOUT')).when(completed('a')).rejects('stale-attempt');
  });

  it('is asked again when it answered so, once', () => {
    const bench = given(outside)
      .after(started(), handed)
      .when(polled(0))
      .gives('~ a polled: asked again in 700 ms', 'a +700 poll');
    expect(bench.row('a')).toMatchObject({ status: 'ready', attempt: 1, polls: 1 });
    given(outside).after(started(), handed, polled(0)).when(polled(0)).rejects('stale-attempt');
  });

  it('answers a poll although its dispatch number has moved', () => {
    given(outside)
      .after(started(), handed, { ...handed, type: 'task.beat', at: 9_000 } as Happening)
      .when(polled(0))
      .gives('~ a polled: asked again in 700 ms', 'a +700 poll');
  });

  it('is handed once', () => {
    given(outside).after(started(), handed).when(handed).rejects('stale-attempt');
    given(outside)
      .after(started())
      .when({ ...handed, dispatch: 2 } as Happening)
      .rejects('stale-attempt');
  });

  it('is not hastened: its time is the end of the wait', () => {
    const hastened: Happening = { type: 'node.hastened', node: 'a', visit: 1, dispatch: null, delayMs: 0, by: 'ops' };
    given(outside).after(started(), handed).when(hastened).rejects('not-waiting');
  });

  it('is closed when the instance is cancelled', () => {
    given(outside).after(started(), handed).when(cancelled).gives('= cancelled null');
  });
});

describe('a heartbeat', () => {
  it('begins the wait anew', () => {
    const bench = given(outside)
      .after(started(), { ...handed, at: 2_000 })
      .when({ ...beat, at: 7_000 })
      .gives();
    expect(bench.row('a')).toMatchObject({ status: 'waiting', queue: DATABASE_TIMER, wakeAt: 17_000, dispatch: 1 });
  });

  it('writes nothing when it moves the end by less than a second', () => {
    const { nodes } = given(outside)
      .after(started(), { ...handed, at: 2_000 })
      .when({ ...beat, at: 2_999 })
      .transition();
    expect(nodes).toEqual([]);
  });

  it('makes the word stale that the wait was over', () => {
    const waking = given(outside)
      .after(started(), { ...handed, at: 2_000 })
      .when({ ...beat, at: 7_000 });
    const bench = waking.gives();
    bench.rows.set('a#1', { ...bench.row('a')!, queue: 1, dispatch: 2, wakeAt: 17_000 });
    bench.happens({ ...beat, at: 17_001 });
    expect(bench.row('a')).toMatchObject({ queue: DATABASE_TIMER, dispatch: 3, wakeAt: 27_001 });
  });

  it('is for who has it: not before it is handed, and not after it is over', () => {
    given(outside).after(started()).when(beat).rejects('stale-attempt');
    given(outside).after(started(), handed, failed('a')).when(beat).rejects('stale-attempt');
  });
});

describe('a remote task without a broker', () => {
  it('is an incident that says what to set', () => {
    const { effects } = given(outside)
      .after(started())
      .when({ type: 'task.unhandled', node: 'a', visit: 1, attempt: 1, handler: 'do.a' })
      .transition();
    expect(effects).toMatchObject([{ code: 'NO_HANDLER', message: expect.stringContaining('SLUICE_BROKER_URL') }]);
  });
});
