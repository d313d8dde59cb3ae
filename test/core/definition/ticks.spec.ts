import { describe, expect, it } from 'vitest';
import { type Missed, MOST_TICKS, ticksToStart } from '../../../src/core/definition/starting/ticks.js';

const MINUTE = 60_000;
/** Ticks at every multiple of so many milliseconds; counts how often it is asked. */
const every = (ms: number, missed: Missed = 'once') => {
  const ticking = {
    asked: 0,
    missed,
    localAt: String,
    rule: {
      text: '',
      zone: 'UTC',
      next(at: number): number {
        ticking.asked += 1;
        return (Math.floor(at / ms) + 1) * ms;
      },
    },
  };
  return ticking;
};
const hour = 60 * MINUTE;

describe('the ticks that are to be started', () => {
  it.each(['skip', 'once', 'all'] as const)(
    'are all that are on time, whatever becomes of missed ones: %s',
    (missed) => {
      expect(ticksToStart(every(20_000, missed), MINUTE, 2 * MINUTE)).toEqual([80_000, 100_000, 120_000]);
      expect(ticksToStart(every(hour, missed), hour - 1, hour)).toEqual([hour]);
      expect(ticksToStart(every(hour, missed), hour - 1, hour + MINUTE)).toEqual([hour]);
      expect(ticksToStart(every(hour, missed), hour, hour + MINUTE)).toEqual([]);
    },
  );

  it.each([
    ['skip', []],
    ['once', [5 * hour]],
    ['all', [2 * hour, 3 * hour, 4 * hour, 5 * hour]],
  ] as const)('are, of those that were missed, as many as are wanted: %s', (missed, ticks) => {
    expect(ticksToStart(every(hour, missed), hour, 5 * hour + MINUTE + 1)).toEqual(ticks);
  });

  it('are no missed ones when one on time makes up for them, but if all are wanted', () => {
    expect(ticksToStart(every(hour), hour, 5 * hour + 1)).toEqual([5 * hour]);
    expect(ticksToStart(every(hour, 'all'), hour, 3 * hour + 1)).toEqual([2 * hour, 3 * hour]);
  });

  it('are the newest hundred, found without asking for all of a year', () => {
    const seconds = every(1_000, 'all');
    const now = 365 * 24 * hour;
    const ticks = ticksToStart(seconds, 0, now);
    expect(ticks).toHaveLength(MOST_TICKS);
    expect([ticks[0], ticks.at(-1)]).toEqual([now - 99_000, now]);
    expect(seconds.asked).toBeLessThan(1_000);
    const months = every(30 * 24 * hour);
    expect(ticksToStart(months, 0, now)).toEqual([360 * 24 * hour]);
    expect(months.asked).toBeLessThan(100);
  });

  it('are none before the time up to which all are dealt with, also when the clock is behind it', () => {
    expect(ticksToStart(every(hour, 'all'), 5 * hour, 3 * hour)).toEqual([]);
    expect(ticksToStart(every(hour, 'all'), 5 * hour, 5 * hour)).toEqual([]);
  });
});
