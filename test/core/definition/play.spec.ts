import { describe, expect, it } from 'vitest';
import { judgePlay, type Play } from '../../../src/core/definition/starting/play.js';
import { is, path } from '../../support/build-definition.js';

const play = (more: Partial<Play> = {}): Play => ({
  code: 'october',
  title: null,
  flow: 'coupon',
  params: { country: 'CN' },
  window: null,
  audience: null,
  quota: null,
  state: 'live',
  ...more,
});
const ALL = { audience: null, by: null };

describe('whether a play starts somebody', () => {
  it('does, unless it says otherwise', () => {
    expect(judgePlay(play(), ALL, {}, 5)).toEqual({ type: 'starts', share: '' });
  });

  it.each([
    ['paused', 'PLAY_PAUSED'],
    ['ended', 'PLAY_ENDED'],
  ] as const)('does not while it is %s', (state, code) => {
    expect(judgePlay(play({ state }), ALL, {}, 5)).toMatchObject({ type: 'passed', code });
  });

  it.each([
    [9, false],
    [10, true],
    [20, true],
    [21, false],
  ])('counts both ends of its window: at %i %s', (at, starts) => {
    const judged = judgePlay(play({ window: { fromMs: 10, toMs: 20 } }), ALL, {}, at);
    expect(judged).toMatchObject(starts ? { type: 'starts' } : { type: 'passed', code: 'PLAY_NOT_OPEN' });
  });

  it('asks its audience of the input and of its own parameters', () => {
    const [us, china] = [is('input.country', 'US'), is('play.country', 'CN')];
    expect(judgePlay(play(), { ...ALL, audience: us }, { country: 'US' }, 0)).toMatchObject({ type: 'starts' });
    expect(judgePlay(play(), { ...ALL, audience: us }, { country: 'CN' }, 0)).toMatchObject({
      code: 'NOT_IN_AUDIENCE',
    });
    expect(judgePlay(play(), { ...ALL, audience: china }, {}, 0)).toMatchObject({ type: 'starts' });
  });

  it('tells whose share it takes, and has failed where that has no value', () => {
    const by = path('input.uid');
    expect(judgePlay(play(), { ...ALL, by }, { uid: 'u' }, 0)).toEqual({ type: 'starts', share: 's:u' });
    expect(judgePlay(play(), { ...ALL, by }, { uid: null }, 0)).toEqual({
      type: 'failed',
      message: expect.stringMatching(/^Expected a text.*In `input.uid` of the play october\.\)$/),
    });
  });
});
