import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_LANES, type NamedLane } from '../../../../src/core/routing/lane.js';
import type { LaneStore } from '../../../../src/engine/health/lanes/lane-store.js';
import type { OrderStore } from '../../../../src/engine/health/orders/order-store.js';
import type { Open, Opened } from '../opened.js';
import { node, started } from '../samples.js';

const vip = { name: 'vip', concurrency: 4 };
const bulk = { name: 'bulk', concurrency: null };

/** What every LaneStore promises. */
export function describeLanes(name: string, open: Open): void {
  describe(`${name}: named lanes`, () => {
    let on: Opened;
    let lanes: LaneStore;
    let orders: OrderStore;
    beforeAll(async () => {
      on = await open();
      lanes = on.lanes as LaneStore;
      orders = on.orders as OrderStore;
    });
    afterAll(() => on.close());
    const known = async (): Promise<readonly NamedLane[]> => (await orders.inForce()).lanes;
    const told = async () => (await orders.changes({ limit: 50 })).items.map(({ kind, ref }) => `${kind} ${ref}`);

    it('are opened once, each with a number of its own, and everybody hears of it', async () => {
      expect(await lanes.want([vip, bulk], true)).toEqual({ full: [], changed: true });
      const made = [
        { name: 'vip', number: 100, concurrency: 4, state: 'open' },
        { name: 'bulk', number: 101, concurrency: 16, state: 'open' },
      ];
      expect(await known()).toEqual(made);
      const change = await orders.lastChange();
      expect(await lanes.want([vip, bulk], true)).toEqual({ full: [], changed: false });
      expect(await known()).toEqual(made);
      expect(await orders.lastChange()).toBe(change);
      expect(await told()).toEqual(['lane.opened bulk', 'lane.opened vip']);
    });

    it('take another number at once from whoever says something new, and from nobody else', async () => {
      await lanes.want([{ name: 'vip', concurrency: 9 }], false);
      expect((await known())[0]).toMatchObject({ name: 'vip', concurrency: 4 });
      await lanes.want([{ name: 'vip', concurrency: 9 }], true);
      expect((await known())[0]).toMatchObject({ name: 'vip', concurrency: 9 });
      expect((await told())[0]).toBe('lane.changed vip');
    });

    it('are opened by several engines at the same time as by one', async () => {
      const one = { name: 'one', concurrency: 2 };
      await Promise.all([1, 2, 3].map(() => lanes.want([one], true)));
      expect((await known()).filter(({ name: called }) => called === 'one')).toHaveLength(1);
      expect((await told()).filter((line) => line === 'lane.opened one')).toHaveLength(1);
    });

    it('close when nobody has wanted them for long, not before', async () => {
      await lanes.retire(60_000);
      expect((await known()).every(({ state }) => state === 'open')).toBe(true);
      // Far longer than two statements take on a machine that is busy.
      await new Promise((wake) => setTimeout(wake, 1_600));
      await lanes.want([vip, { name: 'one', concurrency: null }], false);
      await lanes.retire(1_500);
      expect((await known()).map(({ name: called, state }) => `${called} ${state}`)).toEqual([
        'vip open',
        'bulk closing',
        'one open',
      ]);
      expect(await lanes.leaving(60_000)).toEqual([]);
      expect((await lanes.leaving(0)).map(({ name: called }) => called)).toEqual(['bulk']);
    });

    it('go on by one state when they are in it, and give what is left to normal once nobody consumes them', async () => {
      const now = await on.store.now();
      const left = { queue: 101, lane: 'bulk', wakeAt: now + 60_000 };
      const id = await started(on.store, { key: 'k-bulk', nodes: [node('left', left), node('own', { wakeAt: now })] });
      expect(await lanes.empty(10)).toBe(0);
      expect(await lanes.move('bulk', 'closed', 'gone')).toBe(false);
      expect(await lanes.move('bulk', 'closing', 'closed')).toBe(true);
      expect(await lanes.empty(10)).toBe(1);
      expect(await lanes.empty(10)).toBe(0);
      const { facts } = await on.store.read([{ instance: id, node: 'left', visit: 1, needs: null }]);
      expect(facts[0]?.node).toMatchObject({ queue: 2, lane: 'normal', wakeAt: now + 60_000 });
      expect(await lanes.move('bulk', 'closed', 'gone')).toBe(true);
      expect((await known()).map(({ name: called }) => called)).toEqual(['vip', 'one']);
    });

    it('come back under their own number', async () => {
      await lanes.want([bulk], true);
      expect((await known()).find(({ name: called }) => called === 'bulk')).toMatchObject({
        number: 101,
        state: 'open',
      });
    });

    it('are so many at most', async () => {
      const many = Array.from({ length: MOST_LANES }, (_, at) => ({ name: `lane-${at}`, concurrency: null }));
      expect((await lanes.want(many, true)).full).toEqual(['lane-29', 'lane-30', 'lane-31']);
      expect(await known()).toHaveLength(MOST_LANES);
    });

    it('have dispatches that wait, which people see like all others', async () => {
      const now = await on.store.now();
      await started(on.store, {
        key: 'k-vip',
        nodes: [node('later', { queue: 100, lane: 'vip', wakeAt: now + 50_000 })],
      });
      const { items } = (await on.dispatches?.waiting({ lane: 'vip', limit: 5 })) ?? { items: [] };
      expect(items.map((one) => one.node.node)).toEqual(['later']);
      expect((await on.store.earliest([100])).get(100)).toBe(now + 50_000);
      expect((await on.store.earliest()).get(100)).toBeUndefined();
    });
  });
}
