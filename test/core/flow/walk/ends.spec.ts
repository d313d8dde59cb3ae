import { describe, expect, it } from 'vitest';
import {
  end,
  exclusive,
  expr,
  failure,
  flow,
  is,
  start,
  task,
  terminate,
  timer,
} from '../../../support/build-definition.js';
import { Bench, cancelled, completed, failed, given, retried, started } from '../../../support/flow-spec.js';

describe('an end', () => {
  const two = flow({ begin: start(), a: task(), b: task(), one: end('first'), other: end('second') }, [
    'begin -> a & b',
    'a -> one',
    'b -> other',
  ]);

  it('ends its path only; the instance ends when nothing is active, with the name of the last end reached', () => {
    const bench = given(two).after(started()).when(completed('b')).gives();
    expect(bench.instance).toMatchObject({ status: 'running', outcome: 'second', active: 1, endedAt: null });
    given(two).after(started(), completed('b')).when(completed('a')).gives('= completed first');
  });

  it('is waited for by an incident', () => {
    const bench = given(two).after(started(), failed('a')).when(completed('b')).gives();
    expect(bench.instance).toMatchObject({ status: 'incident', active: 1 });
  });

  it.each([
    { how: 'terminate', spec: terminate(), gives: '= completed terminated', status: 'completed' },
    { how: '{ fail: CODE }', spec: failure('NO_MONEY'), gives: '= failed NO_MONEY', status: 'failed' },
  ])('$how cancels the rest, incidents too, and forgets what waits at joins', ({ spec, gives, status }) => {
    const stop = flow(
      {
        begin: start(),
        a: task(),
        b: task(),
        c: task(),
        t: timer({ ms: 9 }),
        j: end('j', { join: { type: 'all' } }),
        halt: spec,
      },
      ['begin -> a & b & c & t', 'a -> halt', 'b & c -> j', 't -> j'],
    );
    const bench = given(stop)
      .after(started(), completed('b'), failed('c'))
      .when(completed('a'))
      .gives("ok c by the end 'halt'", gives);
    expect([bench.row('c'), bench.row('t')].map((row) => [row?.status, row?.queue, row?.endedAt])).toStrictEqual([
      ['cancelled', null, bench.instance.endedAt],
      ['cancelled', null, bench.instance.endedAt],
    ]);
    expect(bench.instance).toMatchObject({ status, active: 0, incidents: 0, state: { arrivals: {} } });
  });

  it('{ fail: CODE } enters nothing more, even if it was on its way', () => {
    const fan = flow({ begin: start(), a: task(), b: task(), halt: failure('STOP') }, [
      'begin -> halt & a',
      'a -> b -> halt',
    ]);
    given(fan).after().when(started()).gives('= failed STOP');
  });
});

describe('a cancelled instance', () => {
  const fan = flow({ begin: start(), a: task(), b: task(), done: end() }, ['begin -> a & b', 'a & b -> done']);

  it('cancels everything active', () => {
    const bench = given(fan).after(started(), failed('a')).when(cancelled).gives('ok a by ops', '= cancelled null');
    expect([bench.row('a')?.status, bench.row('b')?.status]).toStrictEqual(['cancelled', 'cancelled']);
  });

  it('takes no late word', () => {
    given(fan).after(started(), cancelled).when(completed('b')).rejects('instance-over');
    given(fan).after(started(), cancelled).when(cancelled).rejects('instance-over');
    given(fan).after(started(), failed('a'), cancelled).when(retried('a')).rejects('instance-over');
  });
});

describe('a paused instance', () => {
  it('takes word of what runs and stays paused, even with an incident', () => {
    const line = flow({ begin: start(), a: task(), b: task(), done: end() }, ['begin -> a -> b -> done']);
    const bench = new Bench(line);
    bench.happens(started());
    bench.instance = { ...bench.instance, status: 'paused' };
    expect(bench.happens(completed('a'))).toMatchObject({
      value: { instance: { status: 'paused' }, effects: [{ node: 'b' }] },
    });
    expect(bench.happens(failed('b'))).toMatchObject({ value: { instance: { status: 'paused', incidents: 1 } } });
  });
});

describe('visits', () => {
  const loop = (visits: number) =>
    flow({ begin: start(), a: task({ visits }), done: end() }, [
      'begin -> a',
      ['a -> done', is('result.ok', true)],
      ['a -> a', 'else'],
    ]);

  it('are bounded: one more is the incident TOO_MANY_VISITS, and a retry goes on', () => {
    const before = [started(), completed('a'), completed('a', {}, { visit: 2 })];
    given(loop(3))
      .after(...before)
      .when(completed('a', {}, { visit: 3 }))
      .gives('! a#4 TOO_MANY_VISITS');
    given(loop(3))
      .after(...before, completed('a', {}, { visit: 3 }))
      .when(retried('a', 4))
      .gives('ok a#4 by ops', 'a#4');
  });

  it('end a cycle of gateways in the same transition', () => {
    const endless = flow(
      { begin: start(), g: exclusive({ visits: 1e9 }), h: exclusive({ visits: 1e9 }), done: end() },
      ['begin -> g -> h', ['h -> done', expr('never', [], () => false)], ['h -> g', 'else']],
    );
    const bench = given(endless).after().when(started()).gives('! h#2500 TOO_MANY_VISITS');
    expect(bench.rows.size).toBe(5_001);
  });
});
