import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { NodeInstance } from '../../../../src/core/flow/instance.js';
import type { DispatchViews, WaitingFilter } from '../../../../src/engine/operate/delays/dispatch-views.js';
import { UnknownCursor } from '../../../../src/engine/ports/views.js';
import type { Open, Opened } from '../opened.js';
import { done, node, started } from '../samples.js';

/** What every DispatchViews promises. */
export function describeDispatches(name: string, open: Open): void {
  describe(`${name}: dispatches as people see them`, () => {
    let on: Opened;
    let views: DispatchViews;
    let now: number;
    let ids: readonly string[];
    const at = (of: string, inMs: number, more: Partial<NodeInstance> = {}): NodeInstance =>
      node(of, { wakeAt: now + inMs, ...more });

    beforeAll(async () => {
      on = await open();
      views = on.dispatches as DispatchViews;
      now = await on.store.now();
      const receipt = { subject: 's', code: 'rule.a', rules: 'v1', trace: [] };
      ids = [
        await started(on.store, {
          key: 'k-1',
          nodes: [
            at('second', 70_000, { queue: 4, lane: 'retry' }),
            at('due', -1_000),
            at('third', 90_000, { queue: 0, status: 'waiting', lane: 'fast' }),
            done(node('over', { receipt })),
            node('inline', { lane: null, queue: null, wakeAt: null, reason: null }),
          ],
        }),
        await started(on.store, { flow: 'order', nodes: [at('first', 60_000), at('same', 90_000, { queue: 5 })] }),
      ];
    });
    afterAll(() => on.close());

    const walk = async (filter: Partial<WaitingFilter> = {}): Promise<string[]> => {
      const names: string[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await views.waiting({ limit: 1, ...filter, ...(cursor && { cursor }) });
        names.push(...page.items.map((one) => one.node.node));
        cursor = page.next;
      }
      return names;
    };

    it('lists what waits for its time, the next one first, on every queue and no page twice', async () => {
      expect(await walk()).toEqual(['first', 'second', 'third', 'same']);
      expect(await walk({ limit: 3 })).toEqual(['first', 'second', 'third', 'same']);
    });

    it('lists those of a flow, or of a lane', async () => {
      expect(await walk({ flow: 'order' })).toEqual(['first', 'same']);
      expect(await walk({ lane: 'retry' })).toEqual(['second']);
      expect(await walk({ flow: 'ördér' })).toEqual([]);
      expect(await walk({ lane: 'nowhere' })).toEqual([]);
    });

    it('tells whose they are', async () => {
      const [first] = (await views.waiting({ limit: 1, flow: 'loan' })).items;
      expect(first).toMatchObject({ instance: ids[0], flow: 'loan', version: 1, key: 'k-1', node: { node: 'second' } });
      await expect(views.waiting({ limit: 1, cursor: 'nonsense' })).rejects.toThrow(UnknownCursor);
    });

    it('tells the latest decisions of the newest instances, over or not', async () => {
      const latest = await views.latest(100);
      const shown = latest.map((one) => `${one.flow} ${one.node.node}`);
      expect(shown.slice(0, 2)).toEqual(['order first', 'order same']);
      expect(shown.slice(2).sort()).toEqual(['loan due', 'loan over', 'loan second', 'loan third']);
      expect(latest.find((one) => one.node.node === 'over')?.node.receipt).toMatchObject({ code: 'rule.a' });
      expect((await views.latest(3)).length).toBe(3);
    });
  });
}
