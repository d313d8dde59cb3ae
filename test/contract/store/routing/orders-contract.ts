import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Override } from '../../../../src/core/routing/rules.js';
import type { NewRules, OrderStore } from '../../../../src/engine/health/orders/order-store.js';
import { UnknownCursor } from '../../../../src/engine/ports/views.js';
import type { Open, Opened } from '../opened.js';

const LATER = 4_000_000_000_000;
const override = (code: string, more: Partial<Override> = {}): Override => ({
  code,
  match: { flow: 'loan', node: null, handler: null, tag: null, dims: { bank: 'Ü' }, attemptFrom: 1, attemptTo: 9 },
  lane: 'slow',
  hold: false,
  ignoreCircuit: false,
  until: LATER,
  reason: 'bank’s night',
  ...more,
});
const rules = (source: string, more: Partial<NewRules> = {}): NewRules => ({
  sha256: Buffer.from(source).toString('hex').padEnd(64, '0'),
  source,
  note: null,
  restores: null,
  by: 'ops',
  ...more,
});

/** What every OrderStore promises. */
export function describeOrders(name: string, open: Open): void {
  describe(`${name}: what people tell the router`, () => {
    let on: Opened;
    let orders: OrderStore;
    beforeAll(async () => {
      on = await open();
      orders = on.orders as OrderStore;
    });
    afterAll(() => on.close());

    it('is nothing at first', async () => {
      expect(await orders.lastChange()).toBe(0);
      expect(await orders.inForce()).toEqual({ change: 0, rules: null, overrides: [], lanes: [] });
    });

    it('keeps overrides till they end, replaces one of the same code, and takes them away', async () => {
      const first = await orders.set(override('pin'), 'ann');
      expect(first).toMatchObject({ ...override('pin'), by: 'ann', at: expect.any(Number) });
      await orders.set(override('over', { until: 1 }), 'ann');
      expect((await orders.inForce()).overrides).toEqual([first]);
      const second = await orders.set(override('pin', { lane: null, circuit: 'open' }), 'bob');
      expect((await orders.inForce()).overrides).toEqual([second]);
      expect(await orders.remove('pin', 'bob', 'it is day')).toBe(true);
      expect(await orders.remove('pin', 'bob', null)).toBe(false);
      expect(await orders.remove('over', 'bob', null)).toBe(false);
      expect(await orders.remove('pín', 'bob', null)).toBe(false);
      expect((await orders.inForce()).overrides).toEqual([]);
    });

    it('keeps every version of the rules, and the newest is in force', async () => {
      const one = await orders.publish(rules('one', { note: 'why' }));
      expect(one).toMatchObject({ created: true, rules: { version: 1, source: 'one', note: 'why', by: 'ops' } });
      expect(await orders.publish(rules('one'))).toMatchObject({ created: false, rules: { version: 1 } });
      await orders.publish(rules('two 😀'));
      expect((await orders.publish(rules('one', { restores: 1 }))).rules.version).toBe(3);
      expect((await orders.inForce()).rules).toMatchObject({ version: 3, source: 'one', restores: 1 });
      expect(await orders.rules(2)).toMatchObject({ source: 'two 😀' });
      expect(await orders.rules(9)).toBeNull();
      const { items, next } = await orders.versions({ limit: 2 });
      expect(items.map(({ version }) => version)).toEqual([3, 2]);
      const rest = await orders.versions({ limit: 2, cursor: next as string });
      expect([rest.items.map(({ version }) => version), rest.next]).toEqual([[1], null]);
    });

    it('tells who changed what and why, newest first, without gaps', async () => {
      const { items } = await orders.changes({ limit: 200 });
      expect(items.map(({ id, kind, ref, by, reason }) => [id, kind, ref, by, reason])).toEqual([
        [7, 'rules.restored', '3', 'ops', null],
        [6, 'rules.published', '2', 'ops', null],
        [5, 'rules.published', '1', 'ops', 'why'],
        [4, 'override.removed', 'pin', 'bob', 'it is day'],
        [3, 'override.set', 'pin', 'bob', 'bank’s night'],
        [2, 'override.set', 'over', 'ann', 'bank’s night'],
        [1, 'override.set', 'pin', 'ann', 'bank’s night'],
      ]);
      expect(items[3]?.detail).toMatchObject({ circuit: 'open', match: { dims: { bank: 'Ü' } } });
      const page = await orders.changes({ limit: 3, cursor: (await orders.changes({ limit: 5 })).next as string });
      expect(page.items.map(({ id }) => id)).toEqual([2, 1]);
      await expect(orders.changes({ limit: 3, cursor: 'nonsense' })).rejects.toThrow(UnknownCursor);
    });

    it('takes changes of several people at the same time, each with its own number', async () => {
      const before = await orders.lastChange();
      const people = ['a', 'b', 'c', 'd', 'e', 'f'];
      await Promise.all([
        ...people.map((who) => orders.set(override(`at-once-${who}`), who)),
        ...people.slice(3).map((who) => orders.publish(rules(`by ${who}`, { by: who }))),
      ]);
      const { items } = await orders.changes({ limit: 9 });
      const numbers = items.map(({ id }) => id).sort((a, b) => a - b);
      expect(numbers).toEqual(Array.from({ length: 9 }, (_, at) => before + 1 + at));
      const { change, overrides, rules: newest } = await orders.inForce();
      expect([change, overrides.length, newest?.version]).toEqual([before + 9, 6, 6]);
    });
  });
}
