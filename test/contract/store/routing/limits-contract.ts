import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Bound } from '../../../../src/core/routing/limits/bound.js';
import type { LimitStore } from '../../../../src/engine/health/limits/limit-store.js';
import type { Open, Opened } from '../opened.js';

const LEASE_MS = 60_000;

/** What every LimitStore of several engines promises. */
export function describeLimits(name: string, open: Open): void {
  describe(`${name}: limits`, () => {
    let on: Opened;
    let limits: LimitStore;
    beforeAll(async () => {
      on = await open();
      limits = on.limits as LimitStore;
    });
    afterAll(() => on.close());
    const bound = (key: string, max: number): Bound => ({ type: 'limit', key, max });
    const ask = async (engine: string, held: number, wanted: number, of: Bound, leaseMs = LEASE_MS) => {
      const exchange = { engine, held: new Map([[of.key, held]]), wanted: Array<Bound[]>(wanted).fill([of]), leaseMs };
      return (await limits.exchange(exchange)).filter((refusal) => refusal === null).length;
    };

    it('give no more places than there are, over all engines, and give them again when they are given back', async () => {
      const five = bound('bank=Müller', 5);
      expect(await ask('a', 0, 3, five)).toBe(3);
      expect(await ask('b', 0, 3, five)).toBe(2);
      expect(await ask('b', 2, 1, five)).toBe(0);
      expect(await ask('a', 1, 0, five)).toBe(0);
      expect(await ask('b', 2, 9, five)).toBe(2);
    });

    it('give no more to engines that ask at the same time', async () => {
      const ten = bound('together', 10);
      const given = await Promise.all(['a', 'b', 'c', 'd'].map((engine) => ask(engine, 0, 6, ten)));
      expect(given.reduce((sum, count) => sum + count, 0)).toBe(10);
    });

    it('do not count what an engine held that is silent for longer than its lease', async () => {
      const one = bound('silent', 1);
      expect(await ask('dead', 0, 1, one, 30)).toBe(1);
      expect(await ask('b', 0, 1, one)).toBe(0);
      await new Promise((wake) => setTimeout(wake, 60));
      expect(await ask('b', 0, 1, one)).toBe(1);
    });

    it('keep a pace for all engines, to parts of a millisecond', async () => {
      const pace: Bound = { type: 'rate', key: 'pace', max: 40, perMs: 600_000 };
      expect(await ask('a', 0, 9, pace)).toBe(2);
      expect(await ask('b', 0, 9, pace)).toBe(0);
    });

    it('forget what nobody has used, and nothing else', async () => {
      const kept = bound('kept', 1);
      expect(await ask('a', 0, 1, kept)).toBe(1);
      await limits.tidy(3_600_000);
      expect(await ask('b', 0, 1, kept)).toBe(0);
      await ask('a', 0, 0, kept);
      await new Promise((wake) => setTimeout(wake, 20));
      await limits.tidy(1);
      expect(await ask('b', 0, 1, kept)).toBe(1);
    });
  });
}
