import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { QuarantineRecord, QuarantineState } from '../../../../src/engine/operate/quarantine/kept-message.js';
import type { QuarantineView } from '../../../../src/engine/ports/views.js';
import type { Open, Opened } from '../opened.js';

const record = (code: string, more: Partial<QuarantineRecord> = {}): QuarantineRecord => ({
  source: 'start',
  code,
  reason: 'Expected JSON, but the body is text 😀.',
  exchange: 'sluice.start',
  routingKey: 'loan',
  headers: { 'x-a': [1, null, true] },
  body: 'not \\ json\n\'"?',
  encoding: 'utf8',
  size: 12,
  sha256: 'f'.repeat(64),
  ...more,
});

const UNTOUCHED = { state: 'open', replays: 0, handledBy: null, handledAt: null };

/** What every Store and Views promise about messages that could not be used. */
export function describeQuarantine(name: string, open: Open): void {
  describe(`${name}: the quarantine`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());

    const list = async (state?: QuarantineState): Promise<QuarantineView[]> => {
      const items: QuarantineView[] = [];
      for (let cursor: string | null | undefined; cursor !== null; ) {
        const page = await on.views.quarantined({ limit: 2, ...(cursor && { cursor }), ...(state && { state }) });
        items.push(...page.items);
        cursor = page.next;
      }
      return items;
    };
    /** Keeps one and answers its id. */
    const kept = async (code: string, more: Partial<QuarantineRecord> = {}): Promise<string> => {
      await on.store.quarantine(record(code, more));
      const before = Date.now();
      while (Date.now() === before);
      return (await list()).find((one) => one.code === code)?.id ?? '';
    };

    it('keeps unusable messages to be read, newest first', async () => {
      for (const code of ['ONE', 'TWO', 'THREE']) await kept(code);
      const every = await list();
      expect(every.map(({ code }) => code)).toEqual(['THREE', 'TWO', 'ONE']);
      const { id, at, ...rest } = every[2] as QuarantineView;
      expect(rest).toEqual({ ...record('ONE'), ...UNTOUCHED });
      expect(at).toBeGreaterThan(0);
      expect(await on.views.quarantinedOne(id)).toEqual({ ...rest, id, at });
      expect(await on.views.quarantinedOne(uuidv7())).toBeNull();
      expect(await on.views.quarantinedOne("ü' OR 1=1 --")).toBeNull();
    });

    it('loses none when the store is asked whether it takes writes', async () => {
      const id = await kept('ASKED');
      const before = await list('open');
      await on.store.writable();
      expect(before.map((one) => one.id)).toContain(id);
      expect(await list('open')).toEqual(before);
    });

    it('keeps a body of 1 MiB whole, and lists its beginning alone', async () => {
      const body = `{"text":"${"🚀ü?'".repeat(130_000)}"}`;
      const id = await kept('LARGE', { body });
      expect((await on.views.quarantinedOne(id))?.body === body).toBe(true);
      const listed = (await list('open')).find((one) => one.id === id)?.body ?? '';
      expect([body.startsWith(listed), [...listed].length]).toEqual([true, 4_096]);
    });

    it('marks what was done, once, and lists by state', async () => {
      const [replayed, discarded] = [await kept('REPLAYED'), await kept('DISCARDED')];
      const { store, views } = on;
      expect(await store.settleQuarantined(replayed, { state: 'replayed', by: 'ann', refusal: null })).toBe(true);
      expect(await store.settleQuarantined(replayed, { state: 'discarded', by: 'bob', refusal: null })).toBe(false);
      expect(await store.settleQuarantined(discarded, { state: 'discarded', by: "b?b'", refusal: null })).toBe(true);
      expect(await store.settleQuarantined(uuidv7(), { state: 'discarded', by: 'bob', refusal: null })).toBe(false);
      const row = await views.quarantinedOne(replayed);
      expect(row).toMatchObject({ state: 'replayed', replays: 1, handledBy: 'ann', code: 'REPLAYED' });
      expect(row?.handledAt).toBeGreaterThanOrEqual(row?.at ?? 0);
      expect(await views.quarantinedOne(discarded)).toMatchObject({
        state: 'discarded',
        replays: 0,
        handledBy: "b?b'",
      });
      expect((await list('replayed')).map(({ id }) => id)).toEqual([replayed]);
      expect((await list('discarded')).map(({ id }) => id)).toEqual([discarded]);
      expect((await list('open')).map(({ id }) => id)).not.toContain(replayed);
    });

    it('takes the new reason of a replay that failed, and counts it', async () => {
      const id = await kept('UNKNOWN_FLOW');
      const refusal = { code: 'INVALID_INPUT', reason: "Expected 'a?', but it is 😀." };
      for (const by of ['ann', 'bob']) await on.store.settleQuarantined(id, { state: 'open', by, refusal });
      expect(await on.views.quarantinedOne(id)).toMatchObject({
        state: 'open',
        replays: 2,
        handledBy: 'bob',
        ...refusal,
      });
    });

    it('lets one of many settle it', async () => {
      const id = await kept('WANTED');
      const change = { state: 'discarded', by: 'ann', refusal: null } as const;
      const answers = await Promise.all(Array.from({ length: 5 }, () => on.store.settleQuarantined(id, change)));
      expect(answers.filter(Boolean)).toHaveLength(1);
    });
  });
}
