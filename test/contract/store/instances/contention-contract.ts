import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Open, Opened } from '../opened.js';
import { change, changes, done, node, started } from '../samples.js';

/** What every Store promises to callers that come at once. */
export function describeContention(name: string, open: Open): void {
  describe(`${name}: many at once`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());

    it('counts up under contention and loses nothing', async () => {
      const { store } = on;
      const ids = [await started(store), await started(store)];
      const bump = async (): Promise<void> => {
        let wanted = ids;
        while (wanted.length > 0) {
          const { skipped } = await store.apply({
            wanted: new Map(wanted.map((id) => [id, []])),
            wantsActive: () => false,
            decide: (locked) =>
              locked.map((one) => changes({ ...one.instance, seq: one.instance.seq + 1 }, { instanceChanged: true })),
          });
          wanted = [...skipped];
        }
      };
      await Promise.all(Array.from({ length: 20 }, bump));
      const { items } = await on.views.states(ids);
      expect(items.map((one) => one.instance.seq)).toEqual([21, 21]);
    });

    it('never lets one transaction end another', async () => {
      const { store, views } = on;
      const [good, bad] = [await started(store), await started(store)];
      const results = await Promise.allSettled(
        Array.from({ length: 20 }, (_, at) =>
          change(store, at % 2 === 0 ? good : bad, [], ({ instance: one }) => {
            if (one.id === bad) throw new Error('bad');
            return changes(one, { nodes: [done(node(`n${at}`))] });
          }),
        ),
      );
      const kept = results.filter((one) => one.status === 'fulfilled').length;
      expect((await views.instance(good))?.nodes).toHaveLength(kept + 1);
      expect((await views.instance(bad))?.nodes).toHaveLength(1);
      expect(kept).toBeGreaterThan(0);
    });
  });
}
