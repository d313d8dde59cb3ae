import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuditEntry, AuditTrail } from '../../../../src/engine/operate/audit/audit-trail.js';
import { UnknownCursor } from '../../../../src/engine/ports/views.js';
import type { Open, Opened } from '../opened.js';

type Given = Omit<AuditEntry, 'at'>;

const entry = (number: number, more: Partial<Given> = {}): Given => ({
  id: `01900000-0000-7000-8000-${String(number).padStart(12, '0')}`,
  who: 'Zoë 😀',
  action: 'activateVersion',
  flow: 'loan',
  instance: null,
  node: null,
  status: 200,
  detail: { version: number, reason: 'it’s night' },
  ...more,
});

/** What every AuditTrail promises. */
export function describeTrail(name: string, open: Open): void {
  describe(`${name}: who did what`, () => {
    let on: Opened;
    let trail: AuditTrail;
    beforeAll(async () => {
      on = await open();
      if (!on.audit) throw new Error('Expected an audit to test, but there is none.');
      trail = on.audit;
    });
    afterAll(() => on.close());

    it('is told newest first, page by page, with nothing changed and the time of the database', async () => {
      const given = [1, 2, 3].map((number) => entry(number));
      const before = await on.store.now();
      for (const one of given) await trail.append(one);
      const first = await trail.list({ limit: 2 });
      expect(first.items.map(({ at: _at, ...rest }) => rest)).toEqual([given[2], given[1]]);
      expect(first.items.every(({ at }) => at >= before && at <= before + 60_000)).toBe(true);
      const second = await trail.list({ limit: 2, cursor: first.next ?? '' });
      expect(second.items.map(({ id }) => id)).toEqual([given[0]?.id]);
      expect(second.next).toBeNull();
      await expect(trail.list({ limit: 2, cursor: 'nonsense' })).rejects.toThrow(UnknownCursor);
    });

    it('is found by flow, by instance and by who it was', async () => {
      const instance = '01900000-0000-7000-8000-0000000000ff';
      await trail.append(entry(10, { flow: null, instance, node: 'sign', status: 403, who: 'bob' }));
      await trail.append(entry(11, { flow: 'other', who: 'bob' }));
      const found = async (filter: object) => (await trail.list({ limit: 9, ...filter })).items.map(({ id }) => id);
      expect(await found({ flow: 'other' })).toEqual([entry(11).id]);
      expect(await found({ instance })).toEqual([entry(10).id]);
      expect(await found({ who: 'bob' })).toEqual([entry(11).id, entry(10).id]);
      expect(await found({ who: 'bob', flow: 'loan' })).toEqual([]);
      expect(await found({ flow: 'größe' })).toEqual([]);
    });
  });
}
