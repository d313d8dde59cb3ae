import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TriggerCount, TriggerStore } from '../../../../src/engine/start/triggers/trigger-store.js';
import type { Open, Opened } from '../opened.js';

/** What every Store remembers for triggers. */
export function describeTriggers(name: string, open: Open): void {
  describe(`${name}: triggers`, () => {
    let on: Opened;
    let triggers: TriggerStore;
    beforeAll(async () => {
      on = await open();
      triggers = on.store.triggers;
    });
    afterAll(() => on.close());
    const code = (): string => `t-${randomUUID()}`;

    it('gives no more than there is to a share, however many ask at once, and each event one', async () => {
      const trigger = code();
      const ask = (identity: string, share = 'all') => triggers.claim({ trigger, identity, share }, 3);
      const answers = await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((identity) => ask(identity)));
      expect(answers.filter((one) => one === 'taken')).toHaveLength(3);
      expect(answers.filter((one) => one === 'over')).toHaveLength(3);
      const [winner = ''] = ['a', 'b', 'c', 'd', 'e', 'f'].filter((_, at) => answers[at] === 'taken');
      expect(await ask(winner)).toBe('again');
      expect(await ask('g', 'another')).toBe('taken');
      expect(await triggers.claim({ trigger: code(), identity: winner, share: 'all' }, 3)).toBe('taken');
    });

    it('gives one to an event that is told twice at once', async () => {
      const claim = { trigger: code(), identity: 'same', share: 'all' };
      const answers = await Promise.all([1, 2, 3, 4].map(() => triggers.claim(claim, 2)));
      expect(answers.sort()).toEqual(['again', 'again', 'again', 'taken']);
      expect(await triggers.claim({ ...claim, identity: 'other' }, 2)).toBe('taken');
      expect(await triggers.claim({ ...claim, identity: 'third' }, 2)).toBe('over');
    });

    it('takes back what was given, once', async () => {
      const claim = { trigger: code(), identity: 'a', share: 'all' };
      await triggers.claim(claim, 1);
      await triggers.release(claim);
      await triggers.release(claim);
      expect(await triggers.claim({ ...claim, identity: 'b' }, 1)).toBe('taken');
      expect(await triggers.claim({ ...claim, identity: 'c' }, 1)).toBe('over');
    });

    it('adds up what engines have counted, and keeps the latest time', async () => {
      const trigger = code();
      const counted: TriggerCount = { trigger, started: 2, duplicate: 1, passed: 3, over: 4, failed: 5, lastAt: 70 };
      await Promise.all([triggers.add([counted]), triggers.add([{ ...counted, started: 1, lastAt: 50 }])]);
      await triggers.add([{ ...counted, started: 0, lastAt: null }]);
      const [known] = (await triggers.counts()).filter((one) => one.trigger === trigger);
      expect(known).toEqual({ trigger, started: 3, duplicate: 3, passed: 9, over: 12, failed: 15, lastAt: 70 });
      await triggers.add([]);
    });

    it('begins the ticks of a trigger when it is first asked for, and goes on from there, never back', async () => {
      const [one, other] = [code(), code()];
      const now = await on.store.now();
      const first = (await triggers.cursors([{ trigger: one, rule: 'r1' }])).get(one);
      expect(first).toEqual({ trigger: one, rule: 'r1', doneAt: expect.any(Number) });
      expect(first?.doneAt).toBeGreaterThanOrEqual(now);
      const doneAt = now + 60_000;
      await Promise.all([
        triggers.tickedTo({ trigger: one, rule: 'r2', doneAt }),
        triggers.tickedTo({ trigger: one, rule: 'r2', doneAt: now - 60_000 }),
      ]);
      await triggers.tickedTo({ trigger: other, rule: 'r1', doneAt });
      const both = await Promise.all(
        [1, 2].map(() => triggers.cursors([one, other].map((it) => ({ trigger: it, rule: 'r9' })))),
      );
      for (const known of both) {
        expect(known.get(one)).toEqual({ trigger: one, rule: 'r2', doneAt });
        expect(known.get(other)).toMatchObject({ rule: 'r9' });
        expect(known.size).toBe(2);
      }
    });

    it('forgets the oldest claims, so many at a time, and gives nothing back of their shares', async () => {
      const trigger = code();
      await triggers.forgetClaims((await on.store.now()) + 60_000, 10_000);
      for (const identity of ['a', 'b', 'c']) {
        await triggers.claim({ trigger, identity, share: 'all' }, 3);
        await new Promise((wake) => setTimeout(wake, 5));
      }
      expect(await triggers.forgetClaims((await on.store.now()) - 60_000, 10)).toBe(0);
      expect(await triggers.forgetClaims((await on.store.now()) + 60_000, 2)).toBe(2);
      expect(await triggers.claim({ trigger, identity: 'c', share: 'all' }, 3)).toBe('again');
      expect(await triggers.claim({ trigger, identity: 'a', share: 'all' }, 3)).toBe('over');
      expect(await triggers.forgetClaims((await on.store.now()) + 60_000, 2)).toBe(1);
    });
  });
}
