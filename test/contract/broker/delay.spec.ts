import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chooseDriver, maxDelayOf, rungFor } from '../../../src/broker/delay.js';
import { RUNGS_MS } from '../../../src/broker/topology/topology.js';

describe('the driver of delays', () => {
  it.each([
    ['auto', true, 'plugin'],
    ['auto', false, 'ladder'],
    ['plugin', true, 'plugin'],
    ['plugin', false, 'ladder'],
    ['ladder', true, 'ladder'],
    ['ladder', false, 'ladder'],
    ['database', true, 'database'],
    ['database', false, 'database'],
  ] as const)('asked for %s with the plugin there: %s, is %s', (asked, found, driver) => {
    expect(chooseDriver(asked, found)).toBe(driver);
  });

  it('takes an hour, seven weeks or nothing', () => {
    expect(maxDelayOf('ladder')).toBe(3_600_000);
    expect(maxDelayOf('plugin')).toBe(4_294_967_295);
    expect(maxDelayOf('database')).toBe(0);
  });
});

describe('the rung for a delay', () => {
  it.each([
    [1, 250],
    [250, 250],
    [600, 500],
    [1_500, 1_000],
    [5_000, 5_000],
    [30_000, 30_000],
    [120_000, 120_000],
    [119_800, 120_000],
    [119_000, 60_000],
    [100_000, 60_000],
    [3_600_000, 3_600_000],
  ])('of %i ms is that of %i ms', (delayMs, rung) => {
    expect(rungFor(delayMs)).toBe(rung);
  });

  it('still is the exact one when a little time has passed since the decision', () => {
    for (const rung of RUNGS_MS) expect(rungFor(rung - 40)).toBe(rung);
  });

  it('never makes a message late by more than a quarter of a second', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.1, max: 3_600_000, noNaN: true }), (delayMs) => {
        expect(rungFor(delayMs) - delayMs).toBeLessThanOrEqual(250);
      }),
    );
  });

  it('brings any delay to its end in few hops', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3_600_000 }), (delayMs) => {
        let left = delayMs;
        let hops = 0;
        for (; left > 0; hops += 1) left -= rungFor(left);
        expect(hops).toBeLessThanOrEqual(14);
      }),
    );
  });
});
