import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLOSED, open } from '../../../../src/core/routing/health/circuit.js';
import { UNKNOWN_LATENCY } from '../../../../src/core/routing/health/latency.js';
import { POLICY } from '../../../../src/core/routing/policy.js';
import type { SharedSubject } from '../../../../src/engine/health/sharing/health-store.js';
import type { Open, Opened } from '../opened.js';

const opened = (subject: string): Omit<SharedSubject, 'version'> => ({
  subject,
  circuit: open(CLOSED, '5 failures in a row', 1_000, subject),
  latency: { ...UNKNOWN_LATENCY, class: 'slow', p95Ms: 2_600, changes: [1, 2] },
});
const { probes } = POLICY.circuit;

/** What every HealthStore promises. */
export function describeHealth(name: string, openOne: Open): void {
  describe(`${name}: the shared health`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await openOne();
    });
    afterAll(() => on.close());

    /** Writes on what is there. */
    const write = async (...subjects: string[]): Promise<readonly SharedSubject[]> =>
      (await on.health.write(await on.health.epoch(), subjects.map(opened))) ?? [];

    it('begins empty, and stays the same one', async () => {
      const epoch = await on.health.epoch();
      expect(epoch.version).toBe(0);
      expect(epoch.incarnation).not.toBe('');
      expect(await on.health.epoch()).toEqual(epoch);
      expect(await on.health.after(0)).toEqual({ ...epoch, subjects: [] });
    });

    it('gives each change the next version, and answers what came after one', async () => {
      const { incarnation, version } = await on.health.epoch();
      const written = await write('a', 'b');
      expect(written).toEqual([
        { ...opened('a'), version: version + 1 },
        { ...opened('b'), version: version + 2 },
      ]);
      await write('a');
      expect(await on.health.epoch()).toEqual({ incarnation, version: version + 3 });
      const later = await on.health.after(version + 1);
      expect(later.version).toBe(version + 3);
      expect(later.subjects.map((one) => [one.subject, one.version])).toEqual([
        ['b', version + 2],
        ['a', version + 3],
      ]);
      expect(later.subjects[1]).toEqual({ ...opened('a'), version: version + 3 });
    });

    it('writes nothing for who has not seen the last change, or knows another one', async () => {
      const before = await on.health.epoch();
      await write('first');
      expect(await on.health.write(before, [opened('second')])).toBeNull();
      const now = await on.health.epoch();
      expect(await on.health.write({ ...now, incarnation: 'x'.repeat(36) }, [opened('second')])).toBeNull();
      const { subjects, version } = await on.health.after(before.version);
      expect(subjects.map(({ subject }) => subject)).toEqual(['first']);
      expect(version).toBe(now.version);
    });

    it('lets one of two writers through who write at once', async () => {
      const epoch = await on.health.epoch();
      const both = await Promise.all(['one', 'other'].map((subject) => on.health.write(epoch, [opened(subject)])));
      expect(both.filter((written) => written !== null)).toHaveLength(1);
      expect((await on.health.epoch()).version).toBe(epoch.version + 1);
    });

    it('tells subjects of any script and any spaces apart', async () => {
      const subjects = [
        'pay[bank=süd]',
        'pay[bank=süd ]',
        'bank=süd',
        'bank=süd ',
        'bank=银行"\\\'?',
        'bank=😀',
        'BANK=süd',
      ];
      const written = await write(...subjects);
      const { subjects: found } = await on.health.after((written[0]?.version ?? 0) - 1);
      expect(found.map(({ subject }) => subject)).toEqual(subjects);
      const long = `${'h'.repeat(128)}[${'漢'.repeat(100)}=${'字'.repeat(100)}]`;
      expect((await write(long))[0]?.subject).toBe(long);
    });

    it('gives out so many probes and no more, also to many at once, and takes back what told nothing', async () => {
      const [{ version }] = (await write('probed')) as [SharedSubject];
      const asked = await Promise.all(Array.from({ length: probes + 3 }, () => on.health.takeProbe('probed', version)));
      const taken = asked.filter(Boolean).length;
      expect(taken).toBe(probes);
      expect(await on.health.probesLeft('probed', version)).toBe(0);
      await on.health.returnProbe('probed', version);
      expect(await on.health.probesLeft('probed', version)).toBe(1);
      expect(await on.health.takeProbe('probed', version)).toBe(true);
      expect(await on.health.takeProbe('probed', version)).toBe(false);
    });

    it('knows no probes of a subject that changed since, or was never there', async () => {
      const [{ version }] = (await write('changed')) as [SharedSubject];
      const [again] = (await write('changed')) as [SharedSubject];
      expect(await on.health.takeProbe('changed', version)).toBe(false);
      expect(await on.health.probesLeft('changed', version)).toBeNull();
      expect(await on.health.probesLeft('changed', again.version)).toBe(probes);
      await on.health.returnProbe('changed', again.version);
      expect(await on.health.probesLeft('changed', again.version)).toBe(probes);
      expect(await on.health.takeProbe('nobody', 1)).toBe(false);
    });
  });
}
