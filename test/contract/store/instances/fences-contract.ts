import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Phase } from '../../../../src/core/flow/tries/tcc/rule.js';
import type { FenceStore } from '../../../../src/engine/health/limits/fence-store.js';
import type { Open, Opened } from '../opened.js';

/** What every store promises of the participants of `tcc` nodes. */
export function describeFences(name: string, open: Open): void {
  describe(`${name}: fences`, () => {
    let on: Opened;
    let fences: FenceStore;
    beforeAll(async () => {
      on = await open();
      ({ fences } = on.store);
    });
    afterAll(() => on.close());

    const pass = (phase: Phase, participant: string, visit = 1) =>
      fences.pass({ instance: '0192f0c0-0000-7000-8000-000000000001', node: 'pay', visit, participant }, phase);

    it('refuse a try that comes after its cancel, however late, and let the cancel succeed that comes before', async () => {
      expect(await pass('cancel', 'late')).toBe('empty');
      expect(await pass('try', 'late')).toBe('refused');
      expect(await pass('cancel', 'late')).toBe('empty');
    });

    it('let through what is delivered twice, and of confirm and cancel the first alone', async () => {
      expect([await pass('try', 'a'), await pass('try', 'a')]).toEqual(['go', 'go']);
      expect([await pass('confirm', 'a'), await pass('confirm', 'a')]).toEqual(['go', 'go']);
      expect([await pass('cancel', 'a'), await pass('try', 'a')]).toEqual(['refused', 'refused']);
      expect([await pass('try', 'b'), await pass('cancel', 'b'), await pass('confirm', 'b')]).toEqual([
        'go',
        'go',
        'refused',
      ]);
    });

    it('are apart for each participant and each visit', async () => {
      expect(await pass('cancel', 'x')).toBe('empty');
      expect(await pass('try', 'y')).toBe('go');
      expect(await pass('try', 'x', 2)).toBe('go');
    });

    it('decide one after another what comes at the same time', async () => {
      for (let round = 0; round < 10; round++) {
        const both = [pass('cancel', `at once ${round}`), pass('try', `at once ${round}`)];
        const [cancel, first] = await Promise.all(both);
        // Whoever was first: what was begun is given back, and what is given back is not begun.
        expect([cancel, first]).toEqual(first === 'go' ? ['go', 'go'] : ['empty', 'refused']);
      }
    });
  });
}
