import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { admit, type Bound, type Known, waitOf } from '../../../src/core/routing/limits/bound.js';
import { mayRetry } from '../../../src/core/routing/limits/retries.js';
import { route } from '../../../src/core/routing/route.js';
import { EMPTY_SNAPSHOT } from '../../../src/core/routing/snapshot.js';

const limit = (max: number, key = 'k'): Bound => ({ type: 'limit', key, max });
const rate = (max: number, perMs: number, key = 'r'): Bound => ({ type: 'rate', key, max, perMs });

describe('bounds of messages', () => {
  it.each([
    [0, 0, 5, true],
    [4, 0, 5, true],
    [0, 4, 5, true],
    [2, 3, 5, false],
    [5, 0, 5, false],
    [9, 0, 5, false],
  ])('with %i places held by others and %i here, of %i: may go %s', (others, mine, max, may) => {
    const state = new Map<string, Known>([['k', { others, mine, nextAt: 0 }]]);
    expect(admit([limit(max)], state, 1_000) === null).toBe(may);
    expect(state.get('k')?.mine).toBe(may ? mine + 1 : mine);
  });

  it('are all kept, or none is used: a message that one of them turns away takes nothing of the others', () => {
    const state = new Map<string, Known>();
    expect(admit([limit(2), rate(1, 60_000)], state, 0)).toBeNull();
    expect(admit([limit(2), rate(1, 60_000)], state, 0)).toMatchObject({ bound: { type: 'rate' }, waitMs: 60_000 });
    expect(state.get('k')?.mine).toBe(1);
  });

  it('never let more begin than a rate says, in any span of that length, whenever they ask', () => {
    const runs = fc.record({
      max: fc.integer({ min: 1, max: 200 }),
      perMs: fc.integer({ min: 100, max: 10_000 }),
      gaps: fc.array(fc.integer({ min: 0, max: 300 }), { minLength: 50, maxLength: 500 }),
    });
    fc.assert(
      fc.property(runs, ({ max, perMs, gaps }) => {
        const state = new Map<string, Known>();
        const began: number[] = [];
        let now = 1_000_000;
        for (const gap of gaps) {
          now += gap;
          if (admit([rate(max, perMs)], state, now) === null) began.push(now);
        }
        for (const [at, time] of began.entries()) {
          const later = began[at + max];
          if (later !== undefined) expect(later - time).toBeGreaterThanOrEqual(perMs);
        }
      }),
    );
  });

  it.each([
    [1, 1_000],
    [100, 1_000],
    [7, 60_000],
  ])('let at least nine in ten of %i in %i ms begin when always somebody asks', (max, perMs) => {
    const state = new Map<string, Known>();
    let began = 0;
    for (let now = 0; now < perMs * 20; now += 1) if (admit([rate(max, perMs)], state, now) === null) began += 1;
    expect(began).toBeGreaterThanOrEqual(max * 20 * 0.9);
  });

  it('tell each of many that wait a longer time, within bounds, and not all the same', () => {
    const refusal = { bound: limit(5), waitMs: 0 };
    expect(waitOf(refusal, 0, 0)).toBe(1_000);
    expect(waitOf(refusal, 0, 0.5)).toBe(1_250);
    expect(waitOf(refusal, 50, 0)).toBe(10_000);
    expect(waitOf(refusal, 10_000, 0)).toBe(15_000);
    expect(waitOf({ bound: rate(10, 1_000), waitMs: 40 }, 0, 0)).toBe(40);
    expect(waitOf({ bound: rate(10, 1_000), waitMs: 40 }, 10, 0)).toBe(1_040);
  });

  it('are an opinion of the router: the message waits, where the others say, and its receipt says for what', () => {
    const message = {
      kind: 'task',
      cause: 'deferred',
      node: 'pay',
      handler: 'bank.pay',
      attempt: 1,
      delayMs: 1_200,
      id: 'i.pay.1',
      flow: 'payout',
      tags: [],
      polls: 0,
      subject: 'bank.pay',
      exceeds: { code: 'limit.max', said: '5 of payout.pay run at once, which is the most' },
    } as const;
    const decided = route(message, EMPTY_SNAPSHOT, 0);
    expect(decided).toMatchObject({ action: 'defer', lane: 'normal', delayMs: 1_200, code: 'limit.max' });
    expect(decided.reason).toBe('normal: 5 of payout.pay run at once, which is the most; looked at again in 1.2 s');
  });
});

describe('a budget of retries', () => {
  it.each([
    [0, 0, 0, true],
    [100, 4, 0, true],
    [100, 5, 0, false],
    [100, 19, 0.2, true],
    [104, 20, 0.2, true],
    [99, 20, 0.2, false],
    [10, 9, 1, true],
  ])('of %i calls with %i retries and a share of %f lets one more run: %s', (calls, retries, share, may) => {
    expect(mayRetry({ calls, retries }, share)).toBe(may);
  });
});
