import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { armOf } from '../../../../src/core/definition/work/split.js';

const rule = (weights: Readonly<Record<string, number>>, more: object = {}) => ({
  salt: 'exp',
  arms: Object.entries(weights).map(([name, weight]) => ({ name, weight })),
  holdout: 0,
  force: new Map<string, string>(),
  ...more,
});
const users = Array.from({ length: 20_000 }, (_, i) => `user-${i}`);
const share = (arm: string | null, of: ReturnType<typeof rule>): number =>
  users.filter((user) => armOf(of, user) === arm).length / users.length;

describe('a split', () => {
  it('gives every arm its share, and holds its share out', () => {
    const exp = rule({ control: 50, coupon: 25, points: 25 }, { holdout: 0.05 });
    expect(share('control', exp)).toBeCloseTo(0.475, 1.7);
    expect(share('coupon', exp)).toBeCloseTo(0.2375, 1.7);
    expect(share('points', exp)).toBeCloseTo(0.2375, 1.7);
    expect(share(null, exp)).toBeCloseTo(0.05, 1.7);
  });

  it('gives tiny and one-sided weights their shares too', () => {
    expect(share('a', rule({ a: 0.01, b: 0.99 }))).toBeCloseTo(0.01, 1.9);
    expect(share('a', rule({ a: 3 }))).toBe(1);
    expect(share(null, rule({ a: 1 }, { holdout: 1 }))).toBe(1);
  });

  it('is independent of another experiment with the same arms', () => {
    const [first, second] = [rule({ a: 1, b: 1 }), rule({ a: 1, b: 1 }, { salt: 'other' })];
    const both = users.filter((user) => armOf(first, user) === 'a' && armOf(second, user) === 'a').length;
    expect(both / users.length).toBeCloseTo(0.25, 1.7);
  });

  it('gives testers the arm of testers, held out or not', () => {
    const exp = rule({ a: 1, b: 1 }, { holdout: 1, force: new Map([['10086', 'b']]) });
    expect([armOf(exp, '10086'), armOf(exp, '10087')]).toEqual(['b', null]);
  });

  const weights = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 100 }), { minKeys: 1 });
  const user = fc.string({ minLength: 1 });

  it('does not depend on the order of its arms', () => {
    fc.assert(
      fc.property(weights, user, (given, who) => {
        const turned = Object.fromEntries(Object.entries(given).reverse());
        expect(armOf(rule(turned), who)).toBe(armOf(rule(given), who));
      }),
    );
  });

  it('moves a user only into the arm whose weight was raised', () => {
    fc.assert(
      fc.property(weights, fc.integer({ min: 1, max: 100 }), user, (given, more, who) => {
        const raised = Object.keys(given)[0] as string;
        const before = armOf(rule(given), who);
        const after = armOf(rule({ ...given, [raised]: (given[raised] ?? 0) + more }), who);
        if (after !== before) expect(after).toBe(raised);
      }),
    );
  });

  it('moves only the users of an arm that is taken out, and nobody in or out of the holdout', () => {
    fc.assert(
      fc.property(weights, user, (given, who) => {
        const { z: _none, ...rest } = { ...given, z: undefined };
        const before = armOf(rule({ ...given, z: 40 }, { holdout: 0.3 }), who);
        const after = armOf(rule(rest as Record<string, number>, { holdout: 0.3 }), who);
        if (before !== 'z') expect(after).toBe(before);
        else expect(after).not.toBeNull();
      }),
    );
  });
});
