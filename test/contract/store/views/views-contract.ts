import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Page } from '../../../../src/engine/ports/views.js';
import type { Open, Opened } from '../opened.js';
import { change, changes, done, node, started } from '../samples.js';

async function all<T>(ask: (cursor?: string) => Promise<Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let page = await ask();
  items.push(...page.items);
  while (page.next !== null) {
    page = await ask(page.next);
    items.push(...page.items);
  }
  return items;
}

/** What every Views promises. */
export function describeViews(name: string, open: Open): void {
  describe(`${name}: views`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());

    it('lists instances newest first, page by page, and misses none', async () => {
      const { store, views } = on;
      const ids: string[] = [];
      for (let at = 0; at < 7; at++) ids.push(await started(store, { flow: 'paged', key: `P-${at}` }));
      const first = await views.instances({ flow: 'paged', limit: 3 });
      expect(first.items.map(({ id }) => id)).toEqual(ids.toReversed().slice(0, 3));
      const every = await all((cursor) => views.instances({ flow: 'paged', limit: 3, ...(cursor ? { cursor } : {}) }));
      expect(every.map(({ id }) => id)).toEqual(ids.toReversed());
      expect((await views.instances({ flow: 'paged', limit: 7 })).next).toBeNull();
      expect((await views.instances({ flow: 'nothing', limit: 7 })).items).toEqual([]);
      expect((await views.instances({ flow: 'größe', limit: 7 })).items).toEqual([]);
    });

    it('filters by status and by the beginning of the key, to the letter', async () => {
      const { store, views } = on;
      const flow = 'filtered';
      const keys = ['ab_1', 'abx1', 'AB_1', 'a%b', 'axb', 'b!1', 'b1'];
      for (const key of keys) await started(store, { flow, key });
      await started(store, { flow, more: { status: 'incident' } });
      const found = async (key: string): Promise<(string | null)[]> =>
        (await views.instances({ flow, key, limit: 20 })).items.map((one) => one.key).sort();
      expect(await found('ab_')).toEqual(['ab_1']);
      expect(await found('ab')).toEqual(['ab_1', 'abx1']);
      expect(await found('a%')).toEqual(['a%b']);
      expect(await found('b!')).toEqual(['b!1']);
      expect(await found('')).toEqual([...keys].sort());
      expect((await views.instances({ flow, status: 'incident', limit: 20 })).items).toHaveLength(1);
      expect((await views.instances({ flow, status: 'running', key: 'ab', limit: 20 })).items).toHaveLength(2);
    });

    it('shows an instance whole, its nodes by start', async () => {
      const { store, views } = on;
      const nodes = [node('late', { startedAt: 3000 }), node('first'), node('first', { visit: 2, startedAt: 2000 })];
      const id = await started(store, { key: 'V-1', input: { a: 1 }, nodes });
      await change(store, id, [], (l) =>
        changes(l.instance, {
          nodes: [done(node('first'))],
          outputs: [{ node: 'first', visit: 1, output: [1, 'two', null] }],
          vars: { b: 1, a: null },
          attempts: [
            {
              node: 'late',
              visit: 1,
              attempt: 1,
              poll: 1,
              how: 'polled',
              error: null,
              decision: 'again in 5 s',
              lane: 'slow',
              at: 3100,
            },
          ],
        }),
      );
      const view = await views.instance(id);
      expect(view?.nodes.map((one) => [one.node, one.visit, one.output])).toEqual([
        ['first', 1, [1, 'two', null]],
        ['first', 2, null],
        ['late', 1, null],
      ]);
      expect(view?.vars).toEqual({ a: null, b: 1 });
      expect(view?.attempts).toEqual([
        {
          node: 'late',
          visit: 1,
          attempt: 1,
          poll: 1,
          how: 'polled',
          error: null,
          decision: 'again in 5 s',
          lane: 'slow',
          at: 3100,
        },
      ]);
      expect(view?.now).toBeGreaterThan(0);
      expect(await views.instance(uuidv7())).toBeNull();
      expect(await views.instance(`${id} `)).toBeNull();
      expect(await views.instance("ü' OR 1=1 --")).toBeNull();
    });

    it('shows the state of some, and leaves unknown ones out', async () => {
      const { store, views } = on;
      const nodes = [node('b', { startedAt: 2000 }), node('a')];
      const ids = [await started(store, { nodes }), await started(store)];
      const { items, now } = await views.states([...ids, uuidv7()]);
      expect(new Set(items.map((one) => one.instance.id))).toEqual(new Set(ids));
      expect(items.find((one) => one.instance.id === ids[0])?.nodes).toEqual([nodes[1], nodes[0]]);
      expect(now).toBeGreaterThan(0);
      expect((await views.states([])).items).toEqual([]);
    });

    it('counts instances by flow and status', async () => {
      const { store, views } = on;
      await started(store, { flow: 'counted' });
      await started(store, { flow: 'counted' });
      await started(store, { flow: 'counted', more: { status: 'failed' } });
      expect((await views.counts())['counted']).toEqual({ running: 2, failed: 1 });
    });

    it('lists open incidents newest first, and drops those that were closed, even by the same change', async () => {
      const { store, views } = on;
      const names = ['a', 'b', 'c', 'd', 'e'];
      const broken = names.map((of) => node(of, { status: 'incident', queue: null }));
      const id = await started(store, { key: 'I-1', nodes: broken });
      const raised = names.map((of, at) => ({
        node: of,
        visit: 1,
        code: 'NO_EDGE' as const,
        message: `m${of}`,
        at: 50 + (at >> 1),
      }));
      await change(store, id, [], (l) =>
        changes(l.instance, {
          nodes: [...broken.slice(0, 4), done(node('e'))],
          raised,
          resolved: [{ node: 'e', visit: 1, by: 'ann' }],
        }),
      );
      const list = async (): Promise<string[]> =>
        (await all((cursor) => views.incidents({ limit: 2, ...(cursor ? { cursor } : {}) }))).map((one) => one.node);
      expect(await list()).toEqual(['d', 'c', 'b', 'a']);
      const [first] = (await views.incidents({ limit: 1 })).items;
      expect(first).toMatchObject({
        instance: id,
        flow: 'loan',
        key: 'I-1',
        node: 'd',
        visit: 1,
        code: 'NO_EDGE',
        message: 'md',
        raisedAt: 51,
      });
      expect((await views.instance(id))?.incidents).toHaveLength(4);
      await change(store, id, [], (l) =>
        changes(l.instance, { nodes: [node('b')], resolved: [{ node: 'b', visit: 1, by: 'ann' }] }),
      );
      // Closed and raised again at once: the new one is open.
      await change(store, id, [], (l) =>
        changes(l.instance, {
          nodes: [node('a', { status: 'incident', queue: null })],
          resolved: [{ node: 'a', visit: 1, by: 'ann' }],
          raised: [{ node: 'a', visit: 1, code: 'NO_EDGE', message: 'again', at: 60 }],
        }),
      );
      expect(await list()).toEqual(['a', 'd', 'c']);
      expect((await views.instance(id))?.incidents.map((one) => one.message)).toContain('again');
    });
  });
}
