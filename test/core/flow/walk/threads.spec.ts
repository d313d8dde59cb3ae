import { describe, expect, it } from 'vitest';
import type { Definition } from '../../../../src/core/definition/definition.js';
import { end, flow, join, start, task } from '../../../support/build-definition.js';
import { completed, given, retried, started } from '../../../support/flow-spec.js';

/** The first line brings so many arrivals. */
const threaded = (definition: Definition, times: number): Definition => ({
  ...definition,
  lines: definition.lines.map((line) => (line.index === 0 ? { ...line, times } : line)),
});
const merging = (times: number, count = 2) =>
  threaded(
    flow(
      {
        begin: start(),
        a: task(),
        two: (id) => ({ ...join('all')(id), join: { type: 'arrivals', count } }),
        z: task(),
        done: end(),
      },
      ['begin -> a', 'a -> two -> z -> done'],
    ),
    times,
  );

describe('an edge with times', () => {
  it('brings so many arrivals, each a visit of its own', () => {
    const line = threaded(flow({ begin: start(), a: task(), done: end() }, ['begin -> a', 'a -> done']), 3);
    const bench = given(line).after().when(started()).gives('a', 'a#2', 'a#3');
    expect(bench.happens(completed('a', {}, { visit: 2 }))).toMatchObject({ value: { instance: { active: 2 } } });
  });
});

describe('a join of arrivals', () => {
  const three = [started(), completed('a', {}, { visit: 3 }), completed('a')];

  it('makes one visit of so many, though they come along one edge', () => {
    given(merging(4))
      .after(started())
      .when(completed('a', {}, { visit: 3 }))
      .gives();
    given(merging(4))
      .after(started(), completed('a', {}, { visit: 3 }))
      .when(completed('a'))
      .gives('z');
    const bench = given(merging(4))
      .after(...three, completed('a', {}, { visit: 2 }))
      .when(completed('a', {}, { visit: 4 }))
      .gives('z#2');
    expect(bench.instance.state.arrivals).toStrictEqual({});
  });

  it('is stuck with what is left over, and goes on with it only when that is retried by name', () => {
    const bench = given(merging(3))
      .after(...three, completed('z'))
      .when(completed('a', {}, { visit: 2 }))
      .gives('! two#2 STUCK_JOIN');
    expect(bench.happens(retried())).toMatchObject({ ok: false, error: { reason: 'nothing-to-retry' } });
    expect(bench.happens(retried('two', 2))).toMatchObject({ value: { effects: [{}, { node: 'z', visit: 2 }] } });
    expect(bench.happens(completed('z', {}, { visit: 2 }))).toMatchObject({
      value: { instance: { status: 'completed' } },
    });
  });

  it('takes all that is left over then, and not one after the other', () => {
    const bench = given(merging(2, 3))
      .after(started(), completed('a'))
      .when(completed('a', {}, { visit: 2 }))
      .gives('! two STUCK_JOIN');
    expect(bench.happens(retried('two'))).toMatchObject({ value: { effects: [{}, { node: 'z' }] } });
    expect(bench.happens(completed('z'))).toMatchObject({ value: { instance: { status: 'completed' } } });
  });
});
