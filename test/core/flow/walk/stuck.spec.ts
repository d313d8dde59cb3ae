import { describe, expect, it } from 'vitest';
import { end, flow, is, join, start, task } from '../../../support/build-definition.js';
import { completed, given, retried, started } from '../../../support/flow-spec.js';

describe('a join that nothing can reach any more', () => {
  const stuck = flow({ begin: start(), a: task(), b: task(), j: join('all'), z: task(), out: end(), done: end() }, [
    'begin -> a & b',
    'a -> j',
    ['b -> j', is('result.ok', true)],
    ['b -> out', 'else'],
    ['j -> z', is('a.ok', true)],
    ['j -> done', 'else'],
    'z -> done',
  ]);
  const before = [started(), completed('a', { ok: true })];

  it('is the incident STUCK_JOIN when the rest has ended', () => {
    const bench = given(stuck)
      .after(...before)
      .when(completed('b'))
      .gives('! j STUCK_JOIN');
    expect(bench.row('j')).toMatchObject({ status: 'incident', attempt: 0, via: [2], error: { code: 'STUCK_JOIN' } });
    expect(bench.instance).toMatchObject({ status: 'incident', active: 1, state: { arrivals: { 2: 1 } } });
  });

  it('goes on with what has arrived when it is retried by name', () => {
    const bench = given(stuck)
      .after(...before, completed('b'))
      .when(retried('j'))
      .gives('ok j by ops', 'z');
    expect(bench.instance).toMatchObject({ status: 'running', active: 1, incidents: 0, state: { arrivals: {} } });
    expect(bench.row('j')).toMatchObject({ status: 'done', attempt: 1, via: [2], error: null });
  });

  it('stays stuck when all incidents are retried', () => {
    given(stuck)
      .after(...before, completed('b'))
      .when(retried())
      .rejects('nothing-to-retry');
  });

  it('is named before the taken join that waits for it, which then goes on by itself', () => {
    const both = flow(
      { begin: start(), a: task(), b: task(), c: task(), k: join('all'), j: join('taken'), out: end(), done: end() },
      [
        'begin -> a & b & c',
        'a -> k',
        ['b -> k', is('result.ok', true)],
        ['b -> out', 'else'],
        'k & c -> j',
        'j -> done',
      ],
    );
    given(both).after(started(), completed('a'), completed('c')).when(completed('b')).gives('! k STUCK_JOIN');
    given(both)
      .after(started(), completed('a'), completed('c'), completed('b'))
      .when(retried('k'))
      .gives('ok k by ops', '= completed done');
  });

  const two = flow(
    { begin: start(), a: task(), b: task(), k: join('all'), j: join('all'), out: end(), z: task(), done: end() },
    ['begin -> a & b', 'a -> k & j', ['b -> k', is('result.ok', true)], ['b -> out', 'else'], 'k -> j -> z -> done'],
  );
  const stuckTwice = [started(), completed('a'), completed('b')];

  it('gathers what still comes, and then goes on with the others when all are retried', () => {
    given(two).after(started(), completed('a')).when(completed('b')).gives('! k STUCK_JOIN', '! j STUCK_JOIN');
    given(two)
      .after(...stuckTwice)
      .when(retried('k'))
      .gives('ok k by ops');
    given(two)
      .after(...stuckTwice, retried('k'))
      .when(retried())
      .gives('ok j by ops', 'z');
    given(two)
      .after(...stuckTwice, retried('k'), retried('j'))
      .when(completed('z'))
      .gives('= completed done');
  });

  it('absorbs what comes after it went on, so that nothing behind it is visited twice', () => {
    given(two)
      .after(...stuckTwice)
      .when(retried('j'))
      .gives('ok j by ops', 'z');
    given(two)
      .after(...stuckTwice, retried('j'))
      .when(retried('k'))
      .gives('ok k by ops');
    given(two)
      .after(...stuckTwice, retried('j'), retried('k'))
      .when(completed('z'))
      .gives('= completed done');
  });
});
