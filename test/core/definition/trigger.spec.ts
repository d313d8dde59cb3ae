import { describe, expect, it } from 'vitest';
import { judgeEvent, type Trigger } from '../../../src/core/definition/starting/trigger.js';
import { is, path } from '../../support/build-definition.js';

const trigger = (more: Partial<Trigger> = {}): Trigger => ({
  code: 'cart',
  title: null,
  on: 'cart.added',
  cron: null,
  when: null,
  flow: 'coupon',
  play: null,
  input: null,
  dedupe: null,
  quota: null,
  window: null,
  ...more,
});

describe('what an event means to a trigger', () => {
  it('starts with the message as it is, under its id, unless something else is said', () => {
    expect(judgeEvent(trigger(), { uid: 'u' }, 'm1', 5)).toEqual({
      type: 'starts',
      input: { uid: 'u' },
      identity: 'm1',
      share: '',
    });
    const more = { input: new Map([['user', path('event.uid')]]), dedupe: path('event.n') };
    expect(judgeEvent(trigger(more), { uid: 'u', n: 7 }, 'm1', 5)).toEqual({
      type: 'starts',
      input: { user: 'u' },
      identity: 'number:7',
      share: '',
    });
  });

  it('tells 7 from "7", whatever it tells events apart by', () => {
    const identity = (n: number | string) => {
      const judged = judgeEvent(trigger({ dedupe: path('event.n') }), { n }, 'm', 0);
      return judged.type === 'starts' ? judged.identity : null;
    };
    expect(identity(7)).not.toBe(identity('7'));
    expect(identity('number:7')).not.toBe(identity(7));
  });

  it('passes when its condition does not hold', () => {
    const asking = trigger({ when: is('event.ok', true) });
    expect(judgeEvent(asking, { ok: true }, 'm', 0)).toMatchObject({ type: 'starts' });
    expect(judgeEvent(asking, { ok: false }, 'm', 0)).toEqual({ type: 'passed', why: 'when' });
  });

  it.each([
    [9, false],
    [10, true],
    [20, true],
    [21, false],
  ])('counts both ends of its window: at %i %s', (at, starts) => {
    const judged = judgeEvent(trigger({ window: { fromMs: 10, toMs: 20 } }), {}, 'm', at);
    expect(judged).toMatchObject(starts ? { type: 'starts' } : { type: 'passed', why: 'window' });
  });

  it.each(['dedupe', 'quota'] as const)('has failed when %s gives nothing to tell events apart by', (what) => {
    const by = path('event.uid');
    const asking = trigger(what === 'quota' ? { quota: { max: 1, by } } : { dedupe: by });
    for (const uid of [null, '', [1], { a: 1 }]) {
      expect(judgeEvent(asking, { uid }, 'm', 0)).toEqual({
        type: 'failed',
        message: expect.stringMatching(/^Expected a text.*In `event.uid` of the trigger cart\.\)$/),
      });
    }
  });
});
