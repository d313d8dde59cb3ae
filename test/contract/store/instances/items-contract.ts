import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { itemVisit, pageVisit } from '../../../../src/core/definition/work/each.js';
import type { Store } from '../../../../src/engine/ports/store.js';
import type { Open, Opened } from '../opened.js';
import { change, changes, done, node, started } from '../samples.js';

/** What every store promises of nodes with `each`. */
export function describeItems(name: string, open: Open): void {
  describe(`${name}: items of a node`, () => {
    let on: Opened;
    let store: Store;
    beforeAll(async () => {
      on = await open();
      store = on.store;
    });
    afterAll(() => on.close());

    const item = (visit: number, place: number) => node('many', { visit: itemVisit(visit, place) });
    const put = (id: string, ...rows: ReturnType<typeof node>[]): Promise<void> =>
      change(store, id, [], ({ instance }) =>
        changes(instance, {
          nodes: rows,
          outputs: rows.filter(({ status }) => status === 'done').map((row) => ({ ...row, output: `of ${row.visit}` })),
        }),
      );

    it('tells what became of those that are done, in their order, of one visit alone, page after page', async () => {
      const id = await started(store);
      const error = { code: 'X', message: 'boom', permanent: true };
      const failed = { ...done(item(1, 3)), error };
      await put(id, done(item(1, 450)), done(item(1, 0)), failed, item(1, 2), done(item(2, 1)), done(item(1, 210)));
      expect(await store.items({ instance: id, node: 'many', visit: 1 }, 10_000)).toEqual([
        ...[0].map((place) => ({ item: place, output: `of ${itemVisit(1, place)}`, error: null })),
        { item: 3, output: `of ${itemVisit(1, 3)}`, error },
        ...[210, 450].map((place) => ({ item: place, output: `of ${itemVisit(1, place)}`, error: null })),
      ]);
      expect(await store.items({ instance: id, node: 'many', visit: 2 }, 10_000)).toHaveLength(1);
      expect(await store.items({ instance: id, node: 'other', visit: 1 }, 10_000)).toEqual([]);
    });

    it('tells what those gave that were undone since', async () => {
      const id = await started(store);
      await put(id, done(item(1, 0)), done(item(1, 1)));
      await put(id, { ...done(item(1, 0)), status: 'compensated' });
      const found = await store.items({ instance: id, node: 'many', visit: 1 }, 10_000);
      expect(found?.map(({ output }) => output)).toEqual([0, 1].map((place) => `of ${itemVisit(1, place)}`));
    });

    it('reads no more of them than is asked for', async () => {
      const id = await started(store);
      await put(id, done(item(1, 0)), done(item(1, 1)));
      const of = { instance: id, node: 'many', visit: 1 };
      expect(await store.items(of, 20)).toBeNull();
      expect(await store.items(of, 200)).toHaveLength(2);
    });

    it('keeps a list, which is no output of the node, and neither is that of an item', async () => {
      const id = await started(store);
      const list = node('many', { visit: pageVisit(1, 0) });
      await put(id, done(node('many')), done(list), done(item(1, 0)));
      expect(await store.output({ instance: id, node: 'many', visit: list.visit })).toBe(`of ${list.visit}`);
      expect(await store.output({ instance: id, node: 'many', visit: 7 })).toBeNull();
      const needs = { input: false, vars: false, outputs: 'all' } as const;
      const { facts } = await store.read([{ instance: id, node: 'many', visit: 1, needs }]);
      expect(facts[0]?.outputs).toEqual({ many: 'of 1' });
      const shown = await on.views.instance(id);
      expect(shown?.nodes.map(({ visit }) => visit).filter((visit) => visit > 1)).toEqual([itemVisit(1, 0)]);
      const { items } = await on.views.states([id]);
      expect(items[0]?.nodes.some(({ visit }) => visit === list.visit)).toBe(false);
    });

    it('tells of the pages of a visit the one that has an item', async () => {
      const id = await started(store);
      const page = (visit: number, from: number) => node('many', { visit: pageVisit(visit, from) });
      await put(id, done(page(1, 0)), done(page(1, 500)), done(page(1, 512)), done(page(2, 505)), done(item(1, 600)));
      const fromOf = async (visit: number, place: number) =>
        (await store.page({ instance: id, node: 'many', visit }, place))?.from;
      expect(await Promise.all([0, 499, 500, 511, 512, 99_999].map((place) => fromOf(1, place)))).toEqual([
        0, 0, 500, 500, 512, 512,
      ]);
      expect((await store.page({ instance: id, node: 'many', visit: 1 }, 505))?.items).toBe(`of ${pageVisit(1, 500)}`);
      expect([await fromOf(2, 504), await fromOf(2, 505), await fromOf(3, 0)]).toEqual([undefined, 505, undefined]);
    });
  });
}
