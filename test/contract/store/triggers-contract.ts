import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TriggerCount, TriggerStore } from '../../../src/engine/start/triggers/trigger-store.js';
import type { Open, Opened } from './opened.js';

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
  });
}
