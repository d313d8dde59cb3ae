import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NodeInstance } from '../../../../src/core/flow/instance.js';
import type { StoredDispatch } from '../../../../src/engine/ports/store.js';
import type { Open, Opened } from '../opened.js';
import { change, changes, done, node, started } from '../samples.js';

const namesOf = (found: readonly StoredDispatch[]): string[] => found.map((one) => one.node.node);

/** What every Store promises to the loops that repair. */
export function describeRepair(name: string, open: Open): void {
  describe(`${name}: repairing`, () => {
    let on: Opened;
    let queue = 100;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());
    // Every test watches a queue of its own.
    beforeEach(() => {
      queue += 1;
    });

    const stored = async (id: string, of: string): Promise<NodeInstance | null | undefined> =>
      (await on.store.read([{ instance: id, node: of, visit: 1, needs: null }])).facts[0]?.node;

    it('finds what was due before a time, oldest first, and nothing later', async () => {
      const { store } = on;
      const nodes = [
        node('third', { queue, wakeAt: 3000 }),
        node('first', { queue, wakeAt: 1000 }),
        node('second', { queue, wakeAt: 2000 }),
        node('elsewhere', { queue: 99, wakeAt: 1000 }),
        node('held', { queue: null, wakeAt: 1000 }),
      ];
      const id = await started(store, { nodes });
      const found = await store.claimLost(queue, 3000, 10);
      expect(namesOf(found)).toEqual(['first', 'second']);
      expect(found[0]).toMatchObject({ instance: id, flow: 'loan', version: 1 });
      expect(await store.claimLost(queue, 3000, 10)).toEqual([]);
      expect((await stored(id, 'first'))?.wakeAt).toBe(found[0]?.node.wakeAt);
      expect((await stored(id, 'third'))?.wakeAt).toBe(3000);
      expect((await stored(id, 'first'))?.dispatch).toBe(1);
    });

    it('hands a lost dispatch to one of many sweeps', async () => {
      const { store } = on;
      const nodes = Array.from({ length: 60 }, (_, at) => node(`n${at}`, { queue, wakeAt: 1000 + at }));
      await started(store, { nodes });
      const claims = await Promise.all(Array.from({ length: 6 }, () => store.claimLost(queue, 5000, 20)));
      const names = claims.flatMap(namesOf);
      expect(new Set(names).size).toBe(names.length);
      const rest = await store.claimLost(queue, 5000, 100);
      expect(names.length + rest.length).toBe(60);
    });

    it('moves due timers to a lane with a new dispatch number', async () => {
      const { store } = on;
      const now = await store.now();
      const nodes = [
        node('due', { queue: 0, lane: null, wakeAt: now - 5, dispatch: 3 }),
        node('early', { queue: 0, lane: null, wakeAt: now + 60_000 }),
      ];
      const id = await started(store, { nodes });
      expect((await store.earliest()).get(0)).toBe(now - 5);
      const move = () => ({ lane: 'fast' as const, queue, reason: 'timer' });
      const [first, second] = await Promise.all([store.claimDue(10, move), store.claimDue(10, move)]);
      expect(namesOf([...first, ...second])).toEqual(['due']);
      const row = await stored(id, 'due');
      expect(row).toMatchObject({ queue, lane: 'fast', reason: 'timer', dispatch: 4 });
      expect(row?.wakeAt).toBeGreaterThanOrEqual(now);
      expect(row).toEqual([...first, ...second][0]?.node);
      expect((await store.earliest()).get(0)).toBe(now + 60_000);
      await change(store, id, [], (l) => changes(l.instance, { nodes: [done(node('early'))] }));
      expect((await store.earliest()).get(0)).toBeUndefined();
    });

    it('looks again later at what is due and must not go, and keeps why', async () => {
      const { store } = on;
      const now = await store.now();
      const id = await started(store, { nodes: [node('due', { queue: 0, lane: null, wakeAt: now - 5 })] });
      const receipt = { subject: 'pay', code: 'override.x', rules: null, trace: [] };
      const move = (_: unknown, at: number) => {
        return { lane: 'normal', queue: 0, reason: 'held', receipt, wakeAt: at + 60_000 } as const;
      };
      const [held] = await store.claimDue(10, move);
      expect(held).toMatchObject({ instance: id, node: { node: 'due', queue: 0, reason: 'held', receipt } });
      expect(await store.claimDue(10, move)).toEqual([]);
      expect(await stored(id, 'due')).toEqual(held?.node);
      await change(store, id, [], (l) => changes(l.instance, { nodes: [done(node('due'))] }));
    });

    it('keeps held work from being taken for lost, and hastens nothing', async () => {
      const { store } = on;
      const now = await store.now();
      const nodes = [
        node('held', { queue, wakeAt: 1000 }),
        node('later', { queue, wakeAt: now + 60_000 }),
        node('unwatched', { queue: null, wakeAt: 1000 }),
      ];
      const id = await started(store, { nodes });
      await store.touch(['held', 'later', 'unwatched', 'missing'].map((of) => ({ instance: id, node: of, visit: 1 })));
      expect(await store.claimLost(queue, now - 1, 10)).toEqual([]);
      expect((await stored(id, 'held'))?.wakeAt).toBeGreaterThanOrEqual(now);
      expect((await stored(id, 'later'))?.wakeAt).toBe(now + 60_000);
      expect((await stored(id, 'unwatched'))?.wakeAt).toBe(1000);
      await store.touch([{ instance: "a?b' OR 1=1 -- ", node: '?', visit: 1 }]);
      await store.touch([]);
    });

    it('finds the dispatches that a completion caused and that are still to be delivered', async () => {
      const { store } = on;
      const cause = { node: 'first', visit: 1 };
      const nodes = [
        done(node('first')),
        node('next', { cause }),
        node('timer', { cause, queue: 0 }),
        node('held', { cause, queue: null }),
        done(node('over', { cause })),
        node('other', { cause: { node: 'first', visit: 2 } }),
      ];
      const id = await started(store, { nodes });
      const found = await store.successors([{ instance: id, ...cause }]);
      expect(namesOf(found)).toEqual(['next']);
      expect(found[0]).toMatchObject({ instance: id, flow: 'loan', version: 1, node: { cause } });
      expect(await store.successors([])).toEqual([]);
    });

    it('finds open incidents of a code by instance, and no closed ones', async () => {
      const { store } = on;
      const ids = [];
      for (let at = 0; at < 3; at++) {
        const id = await started(store, { nodes: [node('stuck', { status: 'incident', queue: null })] });
        ids.push(id);
        const raised = [{ node: 'stuck', visit: 1, code: 'NO_HANDLER' as const, message: 'none', at: 10 + at }];
        await change(store, id, [], (l) =>
          changes(l.instance, { raised, nodes: [node('stuck', { status: 'incident', queue: null })] }),
        );
      }
      ids.sort();
      const first = await store.incidentsWith('NO_HANDLER', '', 2);
      expect(first.map((one) => one.instance)).toEqual(ids.slice(0, 2));
      expect(first[0]?.node).toMatchObject({ node: 'stuck', status: 'incident' });
      expect((await store.incidentsWith('NO_HANDLER', ids[1] ?? '', 2)).map((one) => one.instance)).toEqual(
        ids.slice(2),
      );
      await change(store, ids[0] ?? '', [], (l) =>
        changes(l.instance, { resolved: [{ node: 'stuck', visit: 1, by: 'ann' }], nodes: [node('stuck')] }),
      );
      expect((await store.incidentsWith('NO_HANDLER', '', 5)).map((one) => one.instance)).toEqual(ids.slice(1));
      expect(await store.incidentsWith('NO_EDGE', '', 5)).toEqual([]);
    });
  });
}
