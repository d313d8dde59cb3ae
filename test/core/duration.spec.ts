import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { durationMs, durationText } from '../../src/core/duration.js';

describe('durations', () => {
  it.each([
    ['500ms', 500],
    ['90s', 90_000],
    ['1.5h', 5_400_000],
    ['2d', 172_800_000],
    ['1w', 604_800_000],
    ['1d12h', 129_600_000],
    ['', null],
    ['5', null],
    ['5 s', null],
    ['s', null],
  ])('reads %s as %s', (text, expected) => {
    expect(durationMs(text)).toBe(expected);
  });

  it.each([
    [0, '0s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [604_800_001, '1w1ms'],
  ])('writes %s as %s', (ms, text) => {
    expect(durationText(ms)).toBe(text);
  });

  it('reads what it writes', () => {
    fc.assert(fc.property(fc.nat(), (ms) => durationMs(durationText(ms)) === ms));
  });
});
