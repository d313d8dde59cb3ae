import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StartAnswer } from '../../../../src/engine/ports/store.js';
import type { Open, Opened } from '../opened.js';
import { candidate, change, changes, done, node, started } from '../samples.js';

/** What every Store promises of `start`. */
export function describeStart(name: string, open: Open): void {
  describe(`${name}: starting`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());

    const end = (id: string): Promise<void> =>
      change(on.store, id, [], ({ instance }) =>
        changes(
          { ...instance, status: 'completed', active: 0, endedAt: 9 },
          { instanceChanged: true, nodes: [done(node('first'))], ended: true },
        ),
      );

    it('gives one live instance per flow and key, and a new one after its end', async () => {
      const { store } = on;
      const id = await started(store, { key: 'K-1' });
      expect(await store.start([candidate({ key: 'K-1' })])).toEqual([{ id, duplicate: true, byKey: true }]);
      await started(store, { key: 'K-1', flow: 'other' });
      await end(id);
      const next = await started(store, { key: 'K-1' });
      expect(next).not.toBe(id);
    });

    it('leaves the key to the instance that took it over when an older one ends again', async () => {
      const { store } = on;
      const id = await started(store, { key: 'K-2' });
      await end(id);
      const next = await started(store, { key: 'K-2' });
      await end(id);
      expect(await store.start([candidate({ key: 'K-2' })])).toEqual([{ id: next, duplicate: true, byKey: true }]);
    });

    it('remembers a receipt beyond the end of its instance', async () => {
      const { store } = on;
      const id = await started(store, { receipt: 'm-1', key: 'K-3' });
      await end(id);
      expect(await store.start([candidate({ receipt: 'm-1', key: 'K-3' })])).toEqual([{ id, duplicate: true }]);
      // The refused start has not kept the key either.
      expect(await started(store, { key: 'K-3' })).not.toBe(id);
    });

    it('lets a receipt stand for the instance that held the key', async () => {
      const { store } = on;
      const id = await started(store, { key: 'K-4' });
      const late = candidate({ key: 'K-4', receipt: 'm-2' });
      expect(await store.start([late])).toEqual([{ id, duplicate: true, byKey: true }]);
      await end(id);
      expect(await store.start([candidate({ key: 'K-4', receipt: 'm-2' })])).toEqual([{ id, duplicate: true }]);
    });

    it('resolves duplicates within a batch to the first', async () => {
      const { store } = on;
      const wishes = [
        candidate({ key: 'B-1', receipt: 'b-1' }),
        candidate({ key: 'B-2', receipt: 'b-1' }),
        candidate({ key: 'B-2' }),
        candidate({ key: 'B-1' }),
        candidate(),
        candidate(),
      ];
      const answers = await store.start(wishes);
      expect(answers.map(({ duplicate }) => duplicate)).toEqual([false, true, false, true, false, false]);
      expect(answers[1]?.id).toBe(wishes[0]?.id);
      expect(answers[2]?.id).toBe(wishes[2]?.id);
      expect(answers[3]?.id).toBe(wishes[0]?.id);
      const ids = wishes.map(({ id }) => id);
      expect((await store.existing(ids)).size).toBe(4);
    });

    it('holds no key for an instance that ends as it starts', async () => {
      const { store } = on;
      const one = candidate({ key: 'E-1' });
      const brief = { ...one, decide: (now: number) => ({ ...one.decide(now), ended: true }) };
      expect(await store.start([brief])).toEqual([{ id: one.id, duplicate: false }]);
      await started(store, { key: 'E-1' });
    });

    it('tells keys apart by every byte: case, trailing space, accents, emoji, length', async () => {
      const { store, views } = on;
      const keys = [
        'abc',
        'ABC',
        'abc ',
        ' abc',
        'abç',
        'abc\u0301',
        '😀',
        '😁',
        "a'b",
        'a\\b',
        'a%b',
        'a_b',
        'x'.repeat(900),
      ];
      const answers = await store.start(keys.map((key) => candidate({ key, receipt: key })));
      expect(answers.every(({ duplicate }) => !duplicate)).toBe(true);
      const again = await store.start(keys.map((key) => candidate({ key })));
      expect(again.map(({ id }) => id)).toEqual(answers.map(({ id }) => id));
      const stored = await Promise.all(answers.map(async ({ id }) => (await views.instance(id))?.instance.key));
      expect(stored).toEqual(keys);
    });

    it('gives one instance to starters that come at once', async () => {
      const { store } = on;
      for (let round = 0; round < 20; round++) {
        const racing = Array.from({ length: 4 }, (_, at) =>
          store.start([
            candidate({ key: `R-${round}`, receipt: at % 2 === 0 ? `r-${round}` : null }),
            candidate({ key: `R-${round}-${at}` }),
          ]),
        );
        const firsts = (await Promise.all(racing)).map(([first]) => first as StartAnswer);
        expect(firsts.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
        expect(new Set(firsts.map(({ id }) => id)).size).toBe(1);
      }
    });

    it('stores what its decision says under the database time', async () => {
      const { store, views } = on;
      const before = await store.now();
      const id = await started(store, { input: { a: [1, { b: 'ü' }] } });
      const view = await views.instance(id);
      expect(view?.input).toEqual({ a: [1, { b: 'ü' }] });
      expect(view?.nodes.map((one) => one.node)).toEqual(['first']);
      expect(view?.instance.startedAt).toBeGreaterThanOrEqual(before);
    });
  });
}
