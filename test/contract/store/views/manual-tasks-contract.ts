import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Beyond, ManualRecord } from '../../../../src/engine/commit/messages/message-store.js';
import type { Open, Opened } from '../opened.js';
import { change, changes, started } from '../samples.js';

const NOTHING: Beyond = { opened: [], closed: [], taken: [], signals: [] };

/** What every Views tells of what people are asked to do. */
export function describeManualTasks(name: string, open: Open): void {
  describe(`${name}: what people are asked to do`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());

    const write = (instance: string, manual: NonNullable<Beyond['manual']>): Promise<void> =>
      change(on.store, instance, [], (locked) => changes(locked.instance, { beyond: { ...NOTHING, manual } }));

    async function asked(wish: Partial<ManualRecord> = {}): Promise<ManualRecord> {
      const instance = await started(on.store);
      const at = { openedAt: 5, dueAt: null, expiresAt: null };
      const record = { instance, flow: 'loan', version: 1, node: 'm', visit: 1, assignee: null, shown: null, ...at };
      await write(instance, { opened: [{ ...record, ...wish }], closed: [] });
      return { ...record, ...wish };
    }
    const list = async (filter: Partial<Parameters<Opened['views']['manualTasks']>[0]>) =>
      (await on.views.manualTasks({ limit: 50, ...filter })).items;

    it('gives back what was written, whatever is in it', async () => {
      const assignee = `李 O'Neill ${randomUUID()}`;
      const one = await asked({ assignee, shown: { who: 'ä€😀', list: [1, null] }, dueAt: 7, expiresAt: 9, visit: 3 });
      expect(await list({ assignee })).toEqual([{ ...one, key: null }]);
      expect(await list({ instance: one.instance })).toEqual([{ ...one, key: null }]);
      expect(await list({ assignee: assignee.toUpperCase() })).toEqual([]);
    });

    it('lists what is for some, and for anybody where that is wanted', async () => {
      const [ann, desk, other] = [randomUUID(), `Büro ${randomUUID()}`, randomUUID()];
      const flow = 'some';
      const tasks = [];
      for (const assignee of [ann, desk, other, null]) tasks.push(await asked({ assignee, flow }));
      const found = async (assignees: readonly (string | null)[]) =>
        (await list({ flow, assignees })).map(({ assignee }) => assignee);
      expect(await found([ann, desk])).toEqual([ann, desk]);
      expect(await found([desk, null])).toEqual([desk, null]);
      expect(await found([null])).toEqual([null]);
      expect(await found([])).toEqual([]);
      expect(await found([randomUUID()])).toEqual([]);
    });

    it('lists the oldest first, page by page, of one flow and one assignee', async () => {
      const assignee = randomUUID();
      const times = [30, 10, 20, 20];
      const all: ManualRecord[] = [];
      for (const openedAt of times) all.push(await asked({ assignee, openedAt, flow: 'pages' }));
      await asked({ assignee, openedAt: 1, flow: 'other' });
      const wanted = all.toSorted((a, b) => a.openedAt - b.openedAt || (a.instance < b.instance ? -1 : 1));
      const seen: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await on.views.manualTasks({ limit: 1, assignee, flow: 'pages', ...(cursor && { cursor }) });
        seen.push(...page.items.map(({ instance }) => instance));
        cursor = page.next ?? undefined;
      } while (cursor !== undefined);
      expect(seen).toEqual(wanted.map(({ instance }) => instance));
    });

    it('says the version that the instance is in now', async () => {
      const { instance } = await asked();
      await change(on.store, instance, [], ({ instance: one }) =>
        changes({ ...one, version: 7 }, { instanceChanged: true }),
      );
      expect(await list({ instance })).toMatchObject([{ version: 7 }]);
    });

    it('writes what is asked again over what was, and forgets what nobody need do', async () => {
      const one = await asked({ assignee: randomUUID() });
      const again = { ...one, openedAt: 50, assignee: randomUUID() };
      await write(one.instance, { opened: [again], closed: [] });
      expect(await list({ instance: one.instance })).toEqual([{ ...again, key: null }]);
      await write(one.instance, { opened: [], closed: [{ instance: one.instance, node: 'm', visit: 2 }] });
      expect(await list({ instance: one.instance })).toHaveLength(1);
      await write(one.instance, { opened: [], closed: [one] });
      expect(await list({ instance: one.instance })).toEqual([]);
    });
  });
}
