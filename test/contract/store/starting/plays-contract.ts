import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PlayRevision, PlayStore } from '../../../../src/engine/start/plays/play-store.js';
import type { Open, Opened } from '../opened.js';
import { candidate, started } from '../samples.js';

/** What every Store keeps of plays. */
export function describePlays(name: string, open: Open): void {
  describe(`${name}: plays`, () => {
    let on: Opened;
    let plays: PlayStore;
    beforeAll(async () => {
      on = await open();
      plays = on.store.plays;
    });
    afterAll(() => on.close());
    const code = (): string => `p-${randomUUID()}`;
    const written = (more: Partial<PlayRevision> = {}): Omit<PlayRevision, 'revision' | 'at'> => ({
      code: code(),
      title: 'Für neue Kunden',
      flow: 'coupon',
      params: { reward: 5, kinds: ['a', null], nested: { x: 0.5 } },
      window: { fromMs: 10, toMs: Number.MAX_SAFE_INTEGER },
      audience: 'input.country == "CN"',
      quota: { max: 3, by: 'input.uid' },
      state: 'live',
      what: 'created',
      by: 'ann',
      reason: null,
      ...more,
    });
    const at = expect.any(Number);

    it('keeps a play under a code of its own, as it was written', async () => {
      const play = written();
      const created = await plays.create(play);
      expect(created).toEqual({ ...play, revision: 1, at });
      expect(await plays.find(play.code)).toEqual(created);
      expect(await plays.create({ ...play, title: 'Another' })).toBeNull();
      expect(await plays.find(play.code)).toEqual(created);
      expect(await plays.find(code())).toBeNull();
      expect(await plays.find(`${play.code} `)).toBeNull();
      expect(await plays.find('ü')).toBeNull();
    });

    it('lets one of two change a revision, and keeps all that a play ever was', async () => {
      const play = written();
      await plays.create(play);
      const changed = (title: string) => ({ ...play, title, what: 'changed' as const, by: 'bob', reason: title });
      const answers = await Promise.all(['one', 'other', 'third'].map((title) => plays.change(changed(title), 1)));
      const [won, ...others] = answers.filter((one) => one !== null);
      expect(others).toEqual([]);
      expect(won).toMatchObject({ revision: 2, what: 'changed', by: 'bob' });
      expect(await plays.find(play.code)).toEqual(won);
      expect(await plays.change(changed('late'), 1)).toBeNull();
      expect(await plays.change(changed('early'), 7)).toBeNull();
      expect(await plays.change({ ...written(), what: 'changed' }, 0)).toBeNull();
      await plays.change({ ...play, state: 'ended', what: 'ended' }, 2);
      const page = await plays.revisions(play.code, { limit: 2 });
      expect(page.items.map(({ revision, what }) => [revision, what])).toEqual([
        [3, 'ended'],
        [2, 'changed'],
      ]);
      const rest = await plays.revisions(play.code, { limit: 2, cursor: page.next ?? '' });
      expect(rest).toEqual({ items: [{ ...play, revision: 1, at }], next: null });
      expect(await plays.revisions(code(), { limit: 2 })).toEqual({ items: [], next: null });
    });

    it('lists plays by code, of a flow and in a state, page by page', async () => {
      const flow = `f_${randomUUID().slice(0, 8)}`;
      const codes = ['a', 'b', 'c'].map((letter) => `${letter}-${randomUUID()}`);
      for (const one of codes.toReversed()) await plays.create(written({ code: one, flow }));
      const paused = { ...written({ code: codes[1] ?? '', flow }), state: 'paused' as const, what: 'paused' as const };
      await plays.change(paused, 1);
      const first = await plays.list({ flow, limit: 2 });
      expect(first.items.map((one) => one.code)).toEqual(codes.slice(0, 2));
      const last = await plays.list({ flow, limit: 2, cursor: first.next ?? '' });
      expect(last).toMatchObject({ items: [{ code: codes[2] }], next: null });
      const live = [codes[0], codes[2]];
      expect((await plays.list({ flow, state: 'live', limit: 9 })).items.map((one) => one.code)).toEqual(live);
      expect((await plays.liveOf(flow)).map((one) => one.code)).toEqual(live);
      expect(await plays.liveOf('nowhere')).toEqual([]);
    });

    it('finds what a play has started, and counts it', async () => {
      const [play, other] = [code(), code()];
      const first = await started(on.store, { play });
      const second = await started(on.store, { play });
      await started(on.store, { play: other });
      await started(on.store, {});
      expect(await plays.counts(play)).toEqual({ running: 2 });
      expect(await plays.counts(code())).toEqual({});
      const page = await on.views.instances({ play, limit: 1 });
      expect(page.items.map(({ id }) => id)).toEqual([second]);
      const rest = await on.views.instances({ play, limit: 1, cursor: page.next ?? '' });
      expect([rest.items.map(({ id }) => id), rest.next]).toEqual([[first], null]);
      expect((await on.views.instances({ play, flow: 'nowhere', limit: 9 })).items).toEqual([]);
      expect((await on.views.instances({ play, status: 'running', limit: 9 })).items).toHaveLength(2);
    });

    it('knows which instance stands for a start, and not for another flow', async () => {
      const receipt = randomUUID();
      const one = candidate({ receipt });
      await on.store.start([one]);
      expect(await plays.startedAs(one.flow, receipt)).toBe(one.id);
      expect(await plays.startedAs('nowhere', receipt)).toBeNull();
      expect(await plays.startedAs(one.flow, 'another')).toBeNull();
    });
  });
}
