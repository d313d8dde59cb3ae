import { describe, expect, it } from 'vitest';
import {
  call,
  end,
  flow,
  is,
  join,
  parallel,
  path,
  start,
  task,
  timer,
  wait,
} from '../../../support/build-definition.js';
import { onMessage } from '../../../support/definition/border-events.js';
import {
  cancelled,
  completed,
  failed,
  fired,
  given,
  paused,
  received,
  resumed,
  retried,
  started,
} from '../../../support/flow-spec.js';

const m = { mutex: { name: 'm', section: false } };
const s = { mutex: { name: 'm', section: true } };

describe('mutex', () => {
  const three = flow({ begin: start(), a: task(m), b: task(m), c: task(m), d: task(), all: join('all'), done: end() }, [
    'begin -> a & b & c & d',
    'a & b & c & d -> all -> done',
  ]);

  it('lets one of its nodes be active at a time, in the order in which they came, and nobody else wait', () => {
    const bench = given(three).after().when(started()).gives('d', 'a');
    expect(bench.row('b')).toMatchObject({ status: 'waiting', attempt: 0, queue: null, reason: 'mutex: m' });
    expect(bench.instance).toMatchObject({ active: 4 });
    expect(bench.happens(completed('b', {}, { attempt: 0 }))).toMatchObject({
      ok: false,
      error: { reason: 'not-waiting' },
    });
    expect(bench.happens(completed('a'))).toMatchObject({
      value: { effects: [{ type: 'dispatch', node: 'b', attempt: 1 }] },
    });
    expect(bench.happens(completed('b'))).toMatchObject({ value: { effects: [{ type: 'dispatch', node: 'c' }] } });
    expect(bench.row('c')).toMatchObject({ status: 'ready', attempt: 1 });
    expect(bench.instance.state.facts).toEqual({});
  });

  it('is kept by an incident, until that is resolved and done', () => {
    given(three).after(started(), failed('a')).when(retried()).gives('ok a by ops', 'a x2 operator');
    const bench = given(three).after(started()).when(failed('a'));
    expect(bench.transition().effects.filter(({ type }) => type === 'dispatch')).toEqual([]);
  });

  it('excludes the visits of one node from one another, and keeps the result that led to each', () => {
    const loop = flow(
      {
        begin: start(),
        x: task(),
        y: task(),
        w: wait({ ...m, match: { id: path('result.id') }, join: { type: 'each' } }),
        done: end(),
      },
      ['begin -> x & y', 'x & y -> w -> done'],
    );
    const bench = given(loop)
      .after(started(), completed('x', { id: 1 }))
      .when(completed('y', { id: 2 }))
      .gives();
    expect(bench.row('w', 2)).toMatchObject({ status: 'waiting', attempt: 0 });
    expect(bench.happens(received('w', {}, 2))).toMatchObject({ ok: false, error: { reason: 'not-waiting' } });
    expect(bench.happens(received('w'))).toMatchObject({
      value: { effects: [{}, {}, { type: 'wait.opened', visit: 2, match: { id: 2 } }] },
    });
  });

  it('is free when who had it is withdrawn, and watches at borders begin with the node', () => {
    const bordered = flow({ begin: start(), a: task(m), b: task(m), off: end(), done: end() }, [
      'begin -> a & b',
      'a & b -> done',
      ['a -> off', onMessage('stop')],
      ['b -> off', onMessage('stop')],
    ]);
    given(bordered).after().when(started()).gives('a', '? a@3 stop {}');
    given(bordered).after(started()).when(received('a@3')).gives('took m1', 'x a@3', 'b', '? b@4 stop {}');
  });

  it('abandons no call that has not begun, and is cancelled with the instance', () => {
    const calls = flow({ begin: start(), a: task(m), c: call(m), done: end() }, ['begin -> a & c', 'a & c -> done']);
    given(calls).after(started()).when(cancelled).gives('= cancelled null');
  });

  it('that gets free during a pause is taken; the dispatch is held', () => {
    const bench = given(three).after(started(), paused).when(completed('a')).gives('b');
    expect(bench.row('b')).toMatchObject({ status: 'ready', queue: null });
    given(three).after(started(), paused).when(resumed).gives('a operator', 'd operator');
  });

  it('as a section is held until its nodes are left, whatever waits', () => {
    const sections = flow(
      { begin: start(), p: parallel(), a: task(s), b: task(s), x: task(s), y: task(s), all: join('all'), done: end() },
      ['begin -> p', 'p -> a & x', 'a -> b -> all', 'x -> y -> all', 'all -> done'],
    );
    given(sections).after().when(started()).gives('a');
    given(sections).after(started()).when(completed('a')).gives('b');
    given(sections).after(started(), completed('a')).when(completed('b')).gives('x');
    given(sections).after(started(), completed('a'), completed('b')).when(completed('x')).gives('y');
  });
});

describe('while', () => {
  const held = (more: Parameters<typeof flow>[1] = ['x -> all']) =>
    flow(
      {
        begin: start(),
        before: task(),
        open: task(),
        x: task({ while: 'open' }),
        all: join('taken'),
        no: end(),
        done: end(),
      },
      ['begin -> before & x', 'before -> open -> all', ...more, 'all -> done'],
    );

  it('waits until the other node is active, and then runs to its own end', () => {
    const bench = given(held()).after().when(started()).gives('before');
    expect(bench.row('x')).toMatchObject({ status: 'waiting', attempt: 0, reason: 'while: open' });
    expect(bench.happens(completed('before'))).toMatchObject({ value: { effects: [{ node: 'open' }, { node: 'x' }] } });
    expect(bench.happens(completed('open'))).toMatchObject({ value: { effects: [] } });
    expect(bench.happens(completed('x'))).toMatchObject({ value: { instance: { status: 'completed' } } });
  });

  it('begins at once while it is active', () => {
    const late = flow({ begin: start(), open: task(), first: task(), x: task({ while: 'open' }), done: end() }, [
      'begin -> open & first',
      'first -> x',
      'open & x -> done',
    ]);
    given(late).after(started()).when(completed('first')).gives('x');
  });

  it('is skipped when nothing can make it active any more, and goes on as one that said no', () => {
    const late = flow(
      { begin: start(), open: task(), first: task(), x: task({ while: 'open' }), no: end(), done: end() },
      ['begin -> open & first', 'first -> x', ['x -> done', is('_result', true)], ['x -> no', 'else'], 'open -> done'],
    );
    const bench = given(late).after(started(), completed('open')).when(completed('first')).gives('= completed no');
    expect(bench.row('x')).toMatchObject({ status: 'skipped', attempt: 0, endedAt: expect.any(Number) });
  });

  it('is skipped when the branch that would lead there goes elsewhere', () => {
    const away = flow(
      { begin: start(), before: task(), open: task(), x: task({ while: 'open' }), no: end(), done: end() },
      [
        'begin -> before & x',
        ['before -> open', is('result', true)],
        ['before -> no', 'else'],
        'open -> no',
        'x -> done',
      ],
    );
    given(away).after(started()).when(completed('before', false)).gives('= completed done');
  });

  it('is skipped by those who wait for one another alone', () => {
    const each = flow(
      {
        begin: start(),
        p: parallel(),
        a: task({ while: 'd' }),
        b: task({ while: 'c' }),
        c: task(),
        d: task(),
        all: join('taken'),
        done: end(),
      },
      ['begin -> p', 'p -> a & b', 'a -> c -> all', 'b -> d -> all', 'all -> done'],
    );
    given(each).after().when(started()).gives('c', 'b');
  });

  it('is not skipped before another whose skipping leads to what it waits for, whichever came first', () => {
    const late = flow(
      {
        begin: start(),
        open: task(),
        slow: task(),
        a: task({ while: 'open' }),
        next: task(),
        b: task({ while: 'next' }),
        all: join('taken'),
        done: end(),
      },
      ['begin -> open & slow & b', 'slow -> a -> next -> all', 'open & b -> all', 'all -> done'],
    );
    const bench = given(late).after(started(), completed('open')).when(completed('slow')).gives('next', 'b');
    expect(bench.row('a')).toMatchObject({ status: 'skipped' });
  });

  it('counts what is on the way through others that wait', () => {
    const chain = flow(
      {
        begin: start(),
        t: timer({ ms: 5 }),
        m1: task(),
        a: task({ while: 'm1' }),
        m2: task(),
        b: task({ while: 'm2' }),
        all: join('taken'),
        done: end(),
      },
      ['begin -> t & a & b', 't -> m1 -> all', 'a -> m2 -> all', 'b -> all', 'all -> done'],
    );
    given(chain).after().when(started()).gives('t +5');
    given(chain).after(started()).when(fired('t')).gives('m1', 'a');
    given(chain).after(started(), fired('t'), completed('m1')).when(completed('a')).gives('m2', 'b');
  });
});
