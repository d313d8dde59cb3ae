import { describe, expect, it } from 'vitest';
import { end, exclusive, flow, inclusive, is, join, ruleOf, start, task } from '../../../support/build-definition.js';
import { completed, failed, given, started } from '../../../support/flow-spec.js';

const fan = (rule: Parameters<typeof join>[0], more: Record<string, Parameters<typeof flow>[0][string]> = {}) =>
  flow({ begin: start(), a: task(), b: task(), c: task(), j: join(rule), z: task(), done: end(), ...more }, [
    'begin -> a & b & c',
    'a & b & c -> j',
    'j -> z -> done',
  ]);

describe('join: all', () => {
  it('waits until every incoming edge has an arrival, and consumes one of each', () => {
    given(fan('all')).after(started(), completed('a')).when(completed('c')).gives();
    const bench = given(fan('all')).after(started(), completed('c'), completed('a')).when(completed('b')).gives('z');
    expect(bench.row('j')).toMatchObject({ status: 'done', visit: 1, via: [3, 4, 5], cause: { node: 'b', visit: 1 } });
    expect(bench.instance.state.arrivals).toStrictEqual({});
  });

  it('shows what has arrived in the meantime, and writes the instance row for it', () => {
    const step = given(fan('all')).after(started(), completed('a')).when(completed('c')).transition();
    expect(step.instance.state.arrivals).toStrictEqual({ 3: 1, 5: 1 });
    expect(step.instanceChanged).toBe(true);
  });

  it('keeps a second arrival on an edge for the next round', () => {
    const twice = flow(
      { begin: start(), a: task(), b: task(), c: task(), m: task(), j: join('all'), z: task(), done: end() },
      ['begin -> a & b & c', 'a & b -> m -> j', 'c -> j', 'j -> z -> done'],
    );
    const before = [
      started(),
      completed('a'),
      completed('b'),
      completed('m', {}, { visit: 1 }),
      completed('m', {}, { visit: 2 }),
    ];
    const bench = given(twice)
      .after(...before)
      .when(completed('c'))
      .gives('z');
    expect(bench.instance.state.arrivals).toStrictEqual({ 5: 1 });
  });

  it('holds for a task that says join', () => {
    const joined = flow({ begin: start(), a: task(), b: task(), z: task({ join: ruleOf('all') }), done: end() }, [
      'begin -> a & b',
      'a & b -> z -> done',
    ]);
    given(joined).after(started(), completed('a')).when(completed('b')).gives('z');
  });
});

describe('join: each, and no join at all', () => {
  it.each(['each', 'none'] as const)('%s: every arrival is a visit', (rule) => {
    const each = fan('each', rule === 'none' ? { j: exclusive() } : {});
    const bench = given(each).after(started(), completed('a')).when(completed('c')).gives('z#2');
    expect(bench.instance.state.visits).toStrictEqual({ j: 2, z: 2 });
  });
});

describe('join: a number', () => {
  it('fires on that many edges and absorbs the rest of the round', () => {
    const bench = given(fan(2)).after(started(), completed('b')).when(completed('c')).gives('z');
    expect(bench.row('j')).toMatchObject({ via: [4, 5] });
    expect(bench.instance.state.absorbing).toStrictEqual({ j: [4, 5] });
    expect(bench.happens(completed('a'))).toMatchObject({ ok: true, value: { effects: [] } });
    expect(bench.instance.state).toMatchObject({ arrivals: {}, absorbing: {} });
    expect(bench.happens(completed('z'))).toMatchObject({ value: { instance: { status: 'completed' } } });
  });

  it('begins the next round only when the one before is complete', () => {
    const rounds = flow(
      { begin: start(), a: task(), b: task(), m: task(), c: task(), j: join(1), z: task(), done: end() },
      ['begin -> a & b & c', 'a & b -> m -> j', 'c -> j', 'j -> z -> done'],
    );
    const bench = given(rounds).after(started(), completed('a'), completed('b')).when(completed('m')).gives('z');
    expect(bench.happens(completed('m', {}, { visit: 2 }))).toMatchObject({ value: { effects: [] } });
    expect(bench.instance.state).toMatchObject({ arrivals: { 5: 1 }, absorbing: { j: [5] } });
    expect(bench.happens(completed('c'))).toMatchObject({ value: { effects: [{ node: 'z', visit: 2 }] } });
  });
});

describe('join: taken', () => {
  const some = flow(
    {
      begin: start(),
      g: inclusive(),
      a: task(),
      b: task(),
      c: task(),
      d: task(),
      j: join('taken'),
      z: task(),
      out: end(),
      done: end(),
    },
    [
      'begin -> g',
      ['g -> a', is('input.a', true)],
      ['g -> b', is('input.b', true)],
      ['g -> c', 'else'],
      'a -> j',
      'b -> d',
      ['d -> j', is('result.ok', true)],
      ['d -> out', 'else'],
      'c -> j',
      'j -> z -> done',
    ],
  );

  it('fires at once when only one branch was taken', () => {
    given(some)
      .after(started({ a: true }))
      .when(completed('a'))
      .gives('z');
  });

  it('waits for every branch that was taken', () => {
    given(some)
      .after(started({ a: true, b: true }), completed('a'))
      .when(completed('b'))
      .gives('d');
    given(some)
      .after(started({ a: true, b: true }), completed('a'), completed('b'))
      .when(completed('d', { ok: true }))
      .gives('z');
  });

  it('fires when the last branch that could arrive goes elsewhere', () => {
    const bench = given(some)
      .after(started({ a: true, b: true }), completed('a'), completed('b'))
      .when(completed('d'))
      .gives('z');
    expect(bench.row('j')).toMatchObject({ via: [4], cause: { node: 'd', visit: 1 } });
  });

  it('is held up by an incident that could still arrive', () => {
    given(some)
      .after(started({ a: true, b: true }), failed('b'))
      .when(completed('a'))
      .gives();
  });

  it('is held up by arrivals at another join before it', () => {
    const nested = flow(
      {
        begin: start(),
        a: task(),
        b: task(),
        c: task(),
        d: task(),
        k: join('all'),
        j: join('taken'),
        z: task(),
        done: end(),
      },
      ['begin -> a & b & c', 'a & b -> k', 'k -> d -> j', 'c -> j', 'j -> z -> done'],
    );
    given(nested).after(started(), completed('a')).when(completed('c')).gives();
    given(nested).after(started(), completed('a'), completed('c'), completed('b')).when(completed('d')).gives('z');
  });

  it('is not held up by what lies behind it in a loop', () => {
    const loop = flow(
      { begin: start(), s: exclusive(), a: task(), b: task(), j: join('taken'), z: task(), side: task(), done: end() },
      [
        'begin -> s & side',
        'side -> done',
        's -> a & b',
        'a & b -> j',
        'j -> z',
        ['z -> s', is('result.again', true)],
        ['z -> done', 'else'],
      ],
    );
    const round = (visit: number) => [completed('a', {}, { visit }), completed('b', {}, { visit })];
    given(loop)
      .after(started(), ...round(1), completed('z', { again: true }), completed('a', {}, { visit: 2 }))
      .when(completed('b', {}, { visit: 2 }))
      .gives('z#2');
  });

  it('goes on in a loop although a join that waits for it could come round to it', () => {
    const loop = flow(
      {
        begin: start(),
        s: exclusive(),
        a: task(),
        g: inclusive(),
        b: task(),
        j: join('taken'),
        k: join('all'),
        z: task(),
        done: end(),
      },
      [
        'begin -> s',
        's -> a & g',
        ['g -> b', is('input.b', true)],
        ['g -> j', 'else'],
        'b -> j',
        'a & j -> k',
        'k -> z',
        ['z -> s', is('result.again', true)],
        ['z -> done', 'else'],
      ],
    );
    given(loop)
      .after(started({ b: true }), completed('b'))
      .when(completed('a'))
      .gives('z');
    given(loop)
      .after(started({ b: true }), completed('a'))
      .when(completed('b'))
      .gives('z');
  });
});
