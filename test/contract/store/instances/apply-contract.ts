import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Open, Opened } from '../opened.js';
import { change, changes, done, node, started } from '../samples.js';

/** What every Store promises of `apply` and `read`. */
export function describeApply(name: string, open: Open): void {
  describe(`${name}: applying`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());

    it('writes another version of the flow, and the edges of rows, under the lock alone', async () => {
      const { store, views } = on;
      const id = await started(store, { key: 'A-moved', input: {} });
      const moved = {
        arrivals: {},
        absorbing: {},
        visits: {},
        facts: {},
        moved: [{ from: 1, to: 2, at: 9, by: 'Zoë' }],
      };
      await store.apply({
        wanted: new Map([[id, []]]),
        wantsActive: () => true,
        decide: ([locked]) => {
          if (!locked) throw new Error('Expected the instance.');
          const rows = locked.nodes.map((row) => ({ ...row, via: [41] }));
          const instance = { ...locked.instance, version: 2, seq: locked.instance.seq + 1, state: moved };
          return [changes(instance, { instanceChanged: true, nodes: rows })];
        },
      });
      const view = await views.instance(id);
      expect(view?.instance).toMatchObject({ version: 2, state: moved });
      expect(view?.nodes.map(({ via }) => via)).toEqual([[41]]);
    });

    it('writes what was decided and reads it back whole', async () => {
      const { store, views } = on;
      const id = await started(store, { key: 'A-1', input: { loanId: 'A-1', nested: { deep: [1, 2.5, null, true] } } });
      const first = node('first');
      const next = node('second', {
        via: [3, 7],
        cause: { node: 'first', visit: 1 },
        wakeAt: 5000,
        reason: "it's slow; 'p95' > 2 s \\ 😀",
        error: { code: 'TIMEOUT', message: 'no answer\nwithin 5 s', permanent: false },
        polls: 3,
      });
      const state = { arrivals: { 4: 1 }, absorbing: { j: [1, 2] }, visits: { first: 2 }, facts: { 'a.b': 'ü' } };
      await change(store, id, ['first'], (locked) =>
        changes(
          { ...locked.instance, seq: 2, state },
          {
            instanceChanged: true,
            nodes: [done(first), next],
            outputs: [{ node: 'first', visit: 1, output: { score: 620, flag: false } }],
            vars: { total: 12.5, name: "O'Neill", none: null },
            attempts: [
              {
                node: 'first',
                visit: 1,
                attempt: 1,
                poll: 0,
                how: 'failed',
                error: next.error,
                decision: 'd',
                lane: 'normal',
                at: 1500,
              },
            ],
          },
        ),
      );
      const { facts } = await store.read([
        { instance: id, node: 'second', visit: 1, needs: { input: true, vars: true, outputs: ['first'] } },
        { instance: id, node: 'first', visit: 1, needs: null },
        { instance: id, node: 'nowhere', visit: 1, needs: null },
      ]);
      expect(facts[0]).toEqual({
        node: next,
        input: { loanId: 'A-1', nested: { deep: [1, 2.5, null, true] } },
        vars: { total: 12.5, name: "O'Neill", none: null },
        outputs: { first: { score: 620, flag: false } },
      });
      expect(facts[1]).toEqual({ node: done(first), input: {}, vars: {}, outputs: {} });
      expect(facts[2]?.node).toBeNull();
      const view = await views.instance(id);
      expect(view?.instance).toMatchObject({ id, key: 'A-1', seq: 2, state });
      expect(view?.attempts).toHaveLength(1);
      expect(view?.attempts[0]?.error).toEqual(next.error);
    });

    it('hands over the rows asked for by key, and all active ones where wanted', async () => {
      const { store } = on;
      const nodes = [node('a'), node('b', { status: 'waiting' }), done(node('c')), node('d', { status: 'incident' })];
      const [some, all] = [await started(store, { nodes }), await started(store, { nodes })];
      const seen = new Map<string, string[]>();
      await store.apply({
        wanted: new Map([
          [
            some,
            [
              { node: 'a', visit: 1 },
              { node: 'c', visit: 1 },
              { node: 'a', visit: 2 },
            ],
          ],
          [
            all,
            [
              { node: 'a', visit: 1 },
              { node: 'c', visit: 1 },
            ],
          ],
        ]),
        wantsActive: ({ id }) => id === all,
        decide: (locked) => {
          for (const one of locked) seen.set(one.instance.id, one.nodes.map((row) => row.node).sort());
          return [];
        },
      });
      expect(seen.get(some)).toEqual(['a', 'c']);
      expect(seen.get(all)).toEqual(['a', 'b', 'c', 'd']);
    });

    it('tells what was skipped, and what of it is missing', async () => {
      const { store } = on;
      const [id, missing] = [await started(store), uuidv7()];
      const seen: string[] = [];
      const answer = await store.apply({
        wanted: new Map([
          [missing, []],
          [id, []],
        ]),
        wantsActive: () => false,
        decide: (locked) => {
          seen.push(...locked.map((one) => one.instance.id));
          return [];
        },
      });
      expect(seen).toEqual([id]);
      expect(answer.skipped).toEqual([missing]);
      expect(await store.existing([id, missing, 'größe'])).toEqual(new Set([id]));
      const strange = { wanted: new Map([['größe', []]]), wantsActive: () => false, decide: () => [] };
      expect((await store.apply(strange)).skipped).toEqual(['größe']);
    });

    it('leaves nothing behind when the decision throws', async () => {
      const { store } = on;
      const id = await started(store);
      const boom = change(store, id, [], () => {
        throw new Error('boom');
      });
      await expect(boom).rejects.toThrow('boom');
      await expect(
        store.start([
          {
            id: uuidv7(),
            flow: 'loan',
            key: 'thrown',
            receipt: 'thrown',
            input: {},
            decide: () => {
              throw new Error('boom');
            },
          },
        ]),
      ).rejects.toThrow('boom');
      expect(await started(store, { key: 'thrown', receipt: 'thrown' })).toBeTruthy();
    });

    it('keeps an output when the row is written again without one', async () => {
      const { store } = on;
      const id = await started(store);
      const output = { a: 1 };
      await change(store, id, [], (l) =>
        changes(l.instance, { nodes: [done(node('first'))], outputs: [{ node: 'first', visit: 1, output }] }),
      );
      await change(store, id, [], (l) =>
        changes(l.instance, { nodes: [{ ...done(node('first')), status: 'compensated' }] }),
      );
      const { facts } = await store.read([
        { instance: id, node: 'first', visit: 1, needs: { input: false, vars: false, outputs: 'all' } },
      ]);
      expect(facts[0]?.node?.status).toBe('compensated');
      expect(facts[0]?.outputs).toEqual({ first: output });
    });

    it('gives the latest output of a node that was visited again, and a null one as null', async () => {
      const { store } = on;
      const id = await started(store);
      const visits = [1, 2, 3].map((visit) => done(node('loop', { visit })));
      await change(store, id, [], (l) =>
        changes(l.instance, {
          nodes: [...visits, node('loop', { visit: 4 }), done(node('none'))],
          outputs: [
            ...visits.map(({ visit }) => ({ node: 'loop', visit, output: visit * 10 })),
            { node: 'none', visit: 1, output: null },
          ],
        }),
      );
      const needs = { input: false, vars: false, outputs: 'all' as const };
      const { facts } = await store.read([{ instance: id, node: 'loop', visit: 4, needs }]);
      expect(facts[0]?.outputs).toEqual({ loop: 30, none: null });
    });

    it('carries outputs of 64 KiB, and many of them at once', async () => {
      const { store } = on;
      const text = 'ä"\\\n😀'.repeat(6000);
      const names = Array.from({ length: 40 }, (_, at) => `n${at}`);
      const id = await started(store);
      await change(store, id, [], (l) =>
        changes(l.instance, {
          nodes: names.map((name) => done(node(name))),
          outputs: names.map((name) => ({ node: name, visit: 1, output: { text } })),
        }),
      );
      const needs = { input: false, vars: false, outputs: 'all' as const };
      const { facts } = await store.read([{ instance: id, node: 'n0', visit: 1, needs }]);
      expect(Object.keys(facts[0]?.outputs ?? {})).toHaveLength(40);
      expect(facts[0]?.outputs['n39']).toEqual({ text });
    });

    it('hands over copies: what a caller does to them is not stored', async () => {
      const { store } = on;
      const input = { list: [1] };
      const id = await started(store, { input });
      input.list.push(2);
      const needs = { input: true, vars: false, outputs: [] };
      const read = async (): Promise<unknown> =>
        (await store.read([{ instance: id, node: 'first', visit: 1, needs }])).facts[0]?.input;
      const seen = (await read()) as { list: number[] };
      expect(seen).toEqual({ list: [1] });
      seen.list.push(3);
      expect(await read()).toEqual({ list: [1] });
    });

    it('tells the database time', async () => {
      const at = await on.store.now();
      expect(Number.isInteger(at)).toBe(true);
      expect(Math.abs(at - Date.now())).toBeLessThan(5000);
    });
  });
}
