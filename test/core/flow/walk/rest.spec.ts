import { describe, expect, it } from 'vitest';
import {
  end,
  exclusive,
  first,
  flow,
  is,
  join,
  parallel,
  start,
  task,
  wait,
} from '../../../support/build-definition.js';
import { completed, failed, given, started } from '../../../support/flow-spec.js';

describe('join: a number with rest: cancel', () => {
  const cut = flow(
    {
      begin: start(),
      a: task(),
      b: task(),
      c: task(),
      w: wait(),
      both: join('all'),
      j: first(1, 'cancel'),
      z: task(),
      out: end(),
      done: end(),
    },
    [
      'begin -> a & b & c',
      'b & w -> both -> j',
      'a -> j',
      'c -> w',
      ['c -> out', 'on error *'],
      ['a -> out', 'on error *'],
      'j -> z -> done',
    ],
  );

  it('cancels what is still on its way to it, with what waits at joins on that way', () => {
    const bench = given(cut).after(started(), completed('b'), completed('c')).when(completed('a')).gives('x w', 'z');
    expect(bench.row('w')).toMatchObject({ status: 'cancelled' });
    expect(bench.instance).toMatchObject({ active: 1, state: { arrivals: {}, absorbing: {} } });
    expect(bench.happens(completed('z'))).toMatchObject({ value: { instance: { status: 'completed' } } });
  });

  it('sends nothing for what it cancels in the step in which that is entered', () => {
    const short = flow(
      {
        begin: start(),
        p: parallel(),
        a: task(),
        w: wait({ timeoutMs: 5 }),
        j: first(1, 'cancel'),
        z: task(),
        done: end(),
      },
      ['begin -> p', 'p -> a & w', 'p -> j', 'a & w -> j', 'j -> z -> done'],
    );
    const bench = given(short).after().when(started()).gives('? w paid {}', 'x w', 'z');
    for (const lost of ['a', 'w']) expect(bench.row(lost)).toMatchObject({ status: 'cancelled', queue: null });
  });

  it('resolves the incident of a branch that is cancelled', () => {
    const answer = given(cut).after(started(), failed('b')).when(completed('a'));
    answer.gives("ok b by 'j', which went on without it", 'z');
  });

  it('a late answer of a branch that was cancelled is a rejection', () => {
    given(cut).after(started(), completed('a')).when(completed('b')).rejects('node-instance-over');
  });

  it('leaves alone what is beside its branches, also when that comes to it on another round', () => {
    const around = flow(
      {
        begin: start(),
        p: parallel(),
        q: parallel(),
        a: task(),
        b: task(),
        s: task(),
        j: first(1, 'cancel'),
        m: join('all'),
        x: exclusive(),
        done: end(),
      },
      [
        'begin -> p',
        'p -> q & s',
        'q -> a & b',
        'a & b -> j -> m',
        's -> m',
        'm -> x',
        ['x -> p', is('input.again', true)],
        ['x -> done', 'else'],
      ],
    );
    const bench = given(around)
      .after(started({ again: false }))
      .when(completed('a'))
      .gives();
    expect(bench.row('b')).toMatchObject({ status: 'cancelled' });
    expect(bench.row('s')).toMatchObject({ status: 'ready' });
  });

  it('cancels nobody before it goes on', () => {
    const two = flow({ begin: start(), a: task(), b: task(), c: task(), j: first(2, 'cancel'), done: end() }, [
      'begin -> a & b & c',
      'a & b & c -> j -> done',
    ]);
    const bench = given(two).after(started()).when(completed('a')).gives();
    expect(bench.instance).toMatchObject({ active: 2 });
  });
});

describe('join: a number with rest: hold', () => {
  const held = flow(
    { begin: start(), p: parallel(), quick: task(), slow: task(), j: first(1, 'hold'), x: task(), done: end() },
    [
      'begin -> p',
      'p -> quick & slow',
      'quick & slow -> j -> x',
      ['x -> p', is('result', true)],
      ['x -> done', 'else'],
    ],
  );

  it('holds the next round back until the rest of this one has come', () => {
    const round = [started(), completed('quick'), completed('x', true)];
    const bench = given(held)
      .after(...round)
      .when(completed('quick', {}, { visit: 2 }))
      .gives();
    expect(bench.instance.state.arrivals).toStrictEqual({ 3: 1 });
    expect(bench.happens(completed('slow'))).toMatchObject({
      value: { effects: [{ type: 'dispatch', node: 'x', visit: 2 }] },
    });
  });

  it('counts each edge once in a round, whichever round it came from', () => {
    const bench = given(held)
      .after(started(), completed('quick'), completed('x', true))
      .when(completed('slow', {}, { visit: 2 }))
      .gives();
    expect(bench.happens(completed('quick', {}, { visit: 2 }))).toMatchObject({
      value: { effects: [{ node: 'x', visit: 2 }] },
    });
    expect(bench.happens(completed('slow', {}, { visit: 1 }))).toMatchObject({ value: { effects: [] } });
    expect(bench.happens(completed('x', false, { visit: 2 }))).toMatchObject({
      value: { instance: { status: 'completed' } },
    });
  });
});
