import { describe, expect, it } from 'vitest';
import type { Effect } from '../../../../src/core/flow/transition.js';
import { end, expr, flow, start, task } from '../../../support/build-definition.js';
import { completed, failed, given, type Happening, started } from '../../../support/flow-spec.js';

const HOUR_MS = 3_600_000;
const paying = flow({ begin: start(), a: task({ retry: { remote: [5_000], max: 3 } }), done: end() }, [
  'begin -> a -> done',
]);
const deferred = (dispatch: number, more: { attempt?: number; at?: number } = {}): Happening => {
  return { type: 'task.deferred', node: 'a', visit: 1, attempt: 1, dispatch, ...more };
};

describe('an attempt that the router did not let run', () => {
  it('is dispatched anew and is still the same attempt', () => {
    const bench = given(paying).after(started()).when(deferred(1)).gives('a deferred');
    expect(bench.row('a')?.attempt).toBe(1);
  });

  it('is heard of once', () => {
    given(paying).after(started(), deferred(1)).when(deferred(1)).rejects('stale-attempt');
  });

  it('runs when it is let through', () => {
    given(paying).after(started(), deferred(1), deferred(2)).when(completed('a')).gives('= completed done');
  });

  it('writes the instance at the first time alone', () => {
    const bench = given(paying).after(started(), deferred(1)).when(deferred(2));
    expect(bench.transition().instanceChanged).toBe(false);
  });

  it('waits for a place that a limit does not give, for as long as it was told, and says why', () => {
    const exceeds = { code: 'limit.max', said: '5 of payout.pay run at once, which is the most' };
    const event: Happening = {
      type: 'task.deferred',
      node: 'a',
      visit: 1,
      attempt: 1,
      dispatch: 1,
      delayMs: 900,
      exceeds,
    };
    const bench = given(paying).after(started()).when(event);
    expect(bench.transition().effects).toEqual([
      expect.objectContaining({ type: 'dispatch', cause: 'deferred', attempt: 1, delayMs: 900, exceeds }),
    ]);
  });

  it('becomes an incident after 24 hours in which it did not run once', () => {
    given(paying)
      .after(started(), deferred(1, { at: HOUR_MS }), deferred(2, { at: 25 * HOUR_MS - 1 }))
      .when(deferred(3, { at: 25 * HOUR_MS }))
      .gives('! a EXHAUSTED');
  });

  it('has another 24 hours once it has run', () => {
    given(paying)
      .after(started(), deferred(1, { at: HOUR_MS }), failed('a'), deferred(3, { attempt: 2, at: 24 * HOUR_MS }))
      .when(deferred(4, { attempt: 2, at: 26 * HOUR_MS }))
      .gives('a x2 deferred');
  });
});

describe('the dimension of a task', () => {
  const by = (text: string) => ({ circuit: { name: 'bank', by: expr(text, [text], (value) => value) } });
  const first = (value: unknown): unknown => {
    const about = flow({ begin: start(), a: task(by('input.bank')), done: end() }, ['begin -> a -> done']);
    const { effects } = given(about)
      .after()
      .when(started({ bank: value } as never))
      .transition();
    return effects.find((one): one is Extract<Effect, { type: 'dispatch' }> => one.type === 'dispatch')?.dimension;
  };

  it.each([
    ['south', 'south'],
    [7, '7'],
    [true, 'true'],
  ])('is %j as a text', (value, text) => {
    expect(first(value)).toEqual({ name: 'bank', value: text });
  });

  it.each([[null], [{}], [''], [[1]]])('is none for %j', (value) => {
    expect(first(value)).toBeNull();
  });
});
