import { describe, expect, it } from 'vitest';
import { call, end, failure, flow, is, path, start, task } from '../../../support/build-definition.js';
import {
  cancelled,
  childEnded,
  childStarted,
  completed,
  given,
  paused,
  resumed,
  retried,
  started,
} from '../../../support/flow-spec.js';

const one = flow(
  { begin: start(), c: call({ out: { sum: path('result.sum') } }), a: task(), undo: task(), done: end() },
  [
    'begin -> c',
    ['c -> a', is('result.outcome', 'success')],
    ['c -> undo', 'on error NO_*'],
    'a -> done',
    'undo -> done',
  ],
);
const ok = { outcome: 'success', sum: 7 };

describe('a call', () => {
  it('is a step: a message is sent, then the called instance is waited for, and its output is the result', () => {
    given(one).after().when(started()).gives('c');
    const bench = given(one).after(started()).when(childStarted('c')).gives();
    expect(bench.row('c')).toMatchObject({ status: 'waiting', queue: null, wakeAt: null });
    expect(bench.happens(childEnded('c', ok))).toMatchObject({ value: { effects: [{ type: 'dispatch', node: 'a' }] } });
    expect([bench.vars, bench.outputs.get('c#1')]).toEqual([{ sum: 7 }, ok]);
  });

  it('hears of the end before it hears of the start', () => {
    const bench = given(one).after(started()).when(childEnded('c', ok)).gives('a');
    expect(bench.happens(childStarted('c'))).toMatchObject({ error: { reason: 'node-instance-over' } });
    expect(bench.happens(childEnded('c', ok))).toMatchObject({ error: { reason: 'node-instance-over' } });
  });

  it('goes by a line for failures when the called instance failed, else becomes an incident', () => {
    given(one)
      .after(started(), childStarted('c'))
      .when(childEnded('c', null, 'NO_MONEY'))
      .gives('undo');
    given(one)
      .after(started(), childStarted('c'))
      .when(childEnded('c', null, 'BROKEN'))
      .gives('! c PERMANENT_FAILURE');
  });

  it('that is retried calls anew; word of the first called instance is stale then', () => {
    const bench = given(one)
      .after(started(), childStarted('c'), childEnded('c', null, 'BROKEN'))
      .when(retried('c'))
      .gives('ok c by ops', 'c x2 operator');
    expect(bench.happens(childEnded('c', ok))).toMatchObject({ error: { reason: 'stale-attempt' } });
    expect(bench.happens(childEnded('c', ok, null, 2))).toMatchObject({ ok: true });
  });

  it('that is cancelled abandons the called instance, started or not', () => {
    given(one).after(started()).when(cancelled).gives('- c x1', '= cancelled null');
    given(one).after(started(), childStarted('c')).when(cancelled).gives('- c x1', '= cancelled null');
    given(one).after(started(), childStarted('c'), childEnded('c', ok)).when(cancelled).gives('= cancelled null');
    const stop = flow({ begin: start(), c: call(), a: task(), bad: failure('BAD'), done: end() }, [
      'begin -> c & a',
      'c -> done',
      'a -> bad',
    ]);
    given(stop).after(started(), childStarted('c')).when(completed('a')).gives('- c x1', '= failed BAD');
  });

  it('on its own goes on as soon as the called instance is stored, and abandons nothing', () => {
    const alone = flow({ begin: start(), c: call({ detach: true }), a: task(), done: end() }, [
      'begin -> c -> a -> done',
    ]);
    const bench = given(alone).after(started()).when(childStarted('c')).gives('a');
    expect(bench.outputs.get('c#1')).toEqual({ instance: 'child' });
    given(alone).after(started()).when(cancelled).gives('= cancelled null');
  });

  it('that was not begun when its instance was paused is begun at the resume', () => {
    given(one).after(started(), paused).when(resumed).gives('c operator');
    given(one).after(started(), childStarted('c'), paused).when(resumed).gives();
  });
});

describe('the output of a flow', () => {
  const output = new Map([
    ['sum', path('input.sum')],
    ['seen', path('nobody.knows')],
  ]);

  it('is told when the instance has completed; what cannot be told is null', () => {
    const definition = flow({ begin: start(), a: task(), done: end() }, ['begin -> a -> done'], { output });
    const bench = given(definition).after(started({ sum: 7 }));
    expect(bench.when(completed('a')).transition().effects).toMatchObject([{ output: { sum: 7, seen: null } }]);
  });

  it('is empty when it did not complete', () => {
    const definition = flow({ begin: start(), a: task(), bad: failure('BAD') }, ['begin -> a -> bad'], { output });
    const bench = given(definition).after(started({ sum: 7 }));
    expect(bench.when(completed('a')).transition().effects).toMatchObject([{ status: 'failed', output: {} }]);
  });
});
