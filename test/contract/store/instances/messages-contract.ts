import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type {
  Beyond,
  MessageRecord,
  MessageStore,
  SignalRecord,
  WaitRecord,
} from '../../../../src/engine/commit/messages/message-store.js';
import type { Open, Opened } from '../opened.js';
import { change, changes, started } from '../samples.js';

const NOTHING: Beyond = { opened: [], closed: [], taken: [], signals: [] };

/** What every Store promises about messages and those who wait for them. */
export function describeMessages(name: string, open: Open): void {
  describe(`${name}: messages and waits`, () => {
    let on: Opened;
    let messages: MessageStore;
    beforeAll(async () => {
      on = await open();
      messages = on.store.messages;
    });
    afterAll(() => on.close());

    const write = (instance: string, beyond: (now: number) => Partial<Beyond>): Promise<void> =>
      change(on.store, instance, [], (locked, now) =>
        changes(locked.instance, { beyond: { ...NOTHING, ...beyond(now) } }),
      );

    async function waiting(wish: Partial<WaitRecord> = {}): Promise<WaitRecord> {
      const instance = await started(on.store);
      const wait = { instance, flow: 'loan', version: 1, node: 'w', visit: 1, name: 'paid', match: {}, keepMs: null };
      let opened: WaitRecord | undefined;
      await write(instance, (now) => {
        opened = { ...wait, openedAt: now, ...wish };
        return { opened: [opened] };
      });
      return opened as WaitRecord;
    }

    const kept = async (name: string, payload: MessageRecord['payload'], ttlMs = 60_000): Promise<MessageRecord> =>
      (await messages.keep({ id: randomUUID(), name, payload }, ttlMs)) as MessageRecord;
    const unique = (): string => `n${randomUUID()}`;

    it('keeps a message once, whoever sends it again', async () => {
      const message = { id: randomUUID(), name: 'paid', payload: { id: 'ä€😀', n: 7.5, no: false, list: [1, null] } };
      const first = await messages.keep(message, 60_000);
      expect(first).toMatchObject(message);
      expect((first?.expiresAt ?? 0) - (first?.receivedAt ?? 0)).toBe(60_000);
      expect(await messages.keep({ ...message, payload: { other: true } }, 60_000)).toBeNull();
    });

    it('finds waits by the name alone and by each member, the oldest first', async () => {
      const name = unique();
      const any = await waiting({ name, openedAt: 3 });
      const byId = await waiting({ name, match: { id: "o'7", zone: 'x' }, openedAt: 2 });
      const byFlag = await waiting({ name, match: { n: 7, yes: true }, openedAt: 1 });
      await waiting({ name, match: { id: 'other' } });
      await waiting({ name: unique(), match: { id: "o'7" } });
      expect(await messages.waitsFor([{ name, payload: { id: "o'7", n: 7 } }])).toEqual([byFlag, byId, any]);
      expect(await messages.waitsFor([{ name, payload: { n: '7' } }])).toEqual([any]);
      expect(await messages.waitsFor([])).toEqual([]);
    });

    it('finds open messages for waits, the oldest first, and no claimed or taken ones', async () => {
      const name = unique();
      const wait = await waiting({ name, match: { id: 'a' } });
      const [first, second] = [await kept(name, { id: 'a', at: 1 }), await kept(name, { id: 'a', at: 2 })];
      await kept(name, { id: 'b' });
      const found = async (): Promise<string[]> => (await messages.messagesFor([wait])).map(({ id }) => id);
      expect(new Set(await found())).toEqual(new Set([first.id, second.id]));
      expect(await messages.messagesFor([wait])).toContainEqual(first);
      expect(await messages.claim(first.id, wait)).toBe(true);
      expect(await found()).toEqual([second.id]);
      await messages.claim(second.id, wait);
      await write(wait.instance, () => ({ closed: [wait], taken: [second.id] }));
      expect(await found()).toEqual([]);
      expect(await messages.waitsFor([{ name, payload: { id: 'a' } }])).toEqual([]);
    });

    it('lets one claim it, and gives it back only to whom has it', async () => {
      const name = unique();
      const [wait, other] = [await waiting({ name }), await waiting({ name })];
      const { id } = await kept(name, {});
      const claims = await Promise.all([messages.claim(id, wait), messages.claim(id, wait), messages.claim(id, wait)]);
      expect(claims.filter(Boolean)).toHaveLength(1);
      expect(await messages.release(id, other)).toBe(false);
      expect(await messages.release(id, wait)).toBe(true);
      expect(await messages.claim(id, other)).toBe(true);
      await write(other.instance, () => ({ taken: [id] }));
      expect(await messages.release(id, other)).toBe(false);
    });

    it('tells what has been claimed for long, and by whom', async () => {
      const name = unique();
      const wait = await waiting({ name, match: { id: 'x' }, keepMs: 5 });
      const message = await kept(name, { id: 'x' });
      await messages.claim(message.id, wait);
      const own = (await messages.claimedFor(0, 500)).filter((one) => one.id === message.id);
      expect(own).toEqual([{ ...message, by: wait }]);
      expect((await messages.claimedFor(60_000, 500)).map(({ id }) => id)).not.toContain(message.id);
    });

    it('tells in one question what a round of the loop has to do', async () => {
      const [name, waited] = [unique(), unique()];
      const message = await kept(name, { id: 'x' });
      const before = await messages.outstanding();
      expect(before.writtenAt).toBeGreaterThanOrEqual(message.receivedAt);
      expect(before.expiresAt).toBeLessThanOrEqual(message.expiresAt);
      expect(before.now).toBeGreaterThanOrEqual(message.receivedAt);
      const wait = await waiting({ name: waited, openedAt: before.now + 60_000 });
      expect((await messages.outstanding()).writtenAt).toBe(wait.openedAt);
      await messages.forget(wait);
      expect((await messages.outstanding()).writtenAt).toBeLessThan(wait.openedAt);
      await messages.claim(message.id, await waiting({ name, match: { id: 'x' } }));
      const { claimedAt, now } = await messages.outstanding();
      expect(claimedAt).not.toBeNull();
      expect(claimedAt).toBeLessThanOrEqual(now);
    });

    it('forgets a wait, but not one that was opened anew since', async () => {
      const name = unique();
      const wait = await waiting({ name, openedAt: 5 });
      await messages.forget({ ...wait, openedAt: 4 });
      expect(await messages.waitsFor([{ name, payload: {} }])).toEqual([wait]);
      await messages.forget(wait);
      expect(await messages.waitsFor([{ name, payload: {} }])).toEqual([]);
    });

    it('opens a wait again under the same visit with another match', async () => {
      const name = unique();
      const wait = await waiting({ name, match: { id: 'a' } });
      await write(wait.instance, () => ({ opened: [{ ...wait, match: { id: 'b' } }] }));
      expect(await messages.waitsFor([{ name, payload: { id: 'a' } }])).toEqual([]);
      expect(await messages.waitsFor([{ name, payload: { id: 'b' } }])).toHaveLength(1);
    });

    it('lists what is recent from a time on, the oldest first', async () => {
      const name = unique();
      const message = await kept(name, {});
      const wait = await waiting({ name });
      const page = await messages.recent(message.receivedAt, 500);
      expect(page.messages).toContainEqual(message);
      expect(page.waits).toContainEqual(wait);
      const times = page.messages.map(({ receivedAt }) => receivedAt);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
      expect(await messages.recent(message.receivedAt + 3_600_000, 500)).toEqual({ messages: [], waits: [] });
      expect((await messages.recent(0, 1)).messages).toHaveLength(1);
    });

    it('tells what is over and was never taken, until it is removed; what was taken goes by itself', async () => {
      const name = unique();
      const wait = await waiting({ name });
      const [late, taken, fresh] = [await kept(name, { a: 1 }, -1), await kept(name, {}, -1), await kept(name, {})];
      await messages.claim(taken.id, wait);
      await write(wait.instance, () => ({ taken: [taken.id] }));
      const over = async (): Promise<string[]> => (await messages.expired(500)).map(({ id }) => id);
      expect(await over()).toContain(late.id);
      expect(await over()).not.toContain(taken.id);
      expect(await over()).not.toContain(fresh.id);
      await messages.remove([late.id]);
      expect(await over()).not.toContain(late.id);
      expect((await messages.messagesFor([wait])).map(({ id }) => id)).toEqual([fresh.id]);
      expect(await messages.keep({ id: taken.id, name, payload: {} }, 60_000)).not.toBeNull();
    });

    it('keeps words of one instance to another till they are heard, and leases those that are due', async () => {
      const id = await started(on.store);
      const caller = { instance: id, flow: 'loan', version: 1, node: 'c', visit: 1, attempt: 1, depth: 1, waits: true };
      const word = (name: string, wakeAt: number): SignalRecord => ({
        id: `${id}:${name}`,
        wakeAt,
        body: { type: 'call.ended', caller, result: { text: 'ä"\\' }, error: null },
      });
      await write(id, (now) => ({ signals: [word('due', now - 1), word('later', now + 60_000)] }));
      const own = async (): Promise<readonly SignalRecord[]> =>
        (await messages.signals(500, 60_000)).filter((one) => one.id.startsWith(id));
      const [due, ...others] = await own();
      expect(others).toEqual([]);
      expect(due).toMatchObject({ id: `${id}:due`, body: word('due', 0).body });
      expect(await own()).toEqual([]);
      await messages.heard([`${id}:due`]);
      await write(id, (now) => ({ signals: [word('later', now - 1)] }));
      expect((await own()).map((one) => one.id)).toEqual([`${id}:later`]);
    });

    it('counts what lies there', async () => {
      const before = await messages.counts();
      const wait = await waiting({ name: unique() });
      await kept(unique(), {});
      await messages.claim((await kept(unique(), {})).id, wait);
      const { open, claimed, waits } = await messages.counts();
      expect([open - before.open, claimed - before.claimed, waits - before.waits]).toEqual([1, 1, 1]);
    });
  });
}
