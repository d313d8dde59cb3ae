import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { InstanceStatus } from '../../../../src/core/flow/instance.js';
import type { AuditPlace } from '../../../../src/engine/ports/views.js';
import type { Open, Opened } from '../opened.js';
import { done, node, started } from '../samples.js';

const LIVE: readonly InstanceStatus[] = ['running', 'incident', 'paused', 'compensating'];
const OVER: readonly InstanceStatus[] = ['completed', 'failed', 'cancelled'];

/** What every Views promises to the auditor. */
export function describeAudit(name: string, open: Open): void {
  describe(`${name}: the walk of the auditor`, () => {
    let on: Opened;
    beforeAll(async () => {
      on = await open();
    });
    afterAll(() => on.close());

    /** Walks from the beginning to the end. */
    async function walk(statuses: readonly InstanceStatus[], limit: number) {
      let [looked, pages] = [0, 0];
      const odd: string[] = [];
      for (let place: AuditPlace | null | undefined; place !== null; pages++) {
        const page = await on.views.audit(statuses, place ?? null, limit);
        expect(page.looked).toBeLessThanOrEqual(limit);
        looked += page.looked;
        odd.push(...page.odd);
        place = page.next;
      }
      return { looked, odd: odd.sort(), pages };
    }

    it('finds nothing where nothing is', async () => {
      expect(await walk(LIVE, 10)).toMatchObject({ looked: 0, odd: [] });
    });

    it('passes every instance once, flow by flow, page by page, and names the odd ones', async () => {
      const { store } = on;
      const over = { status: 'completed', active: 0, endedAt: 5 } as const;
      const none = { nodes: [done(node('first'))] };
      for (const flow of ['loan', 'order', 'a']) {
        for (let at = 0; at < 4; at++) await started(store, { flow });
        await started(store, { flow, nodes: [done(node('x'))], more: over });
        await started(store, { flow, more: { status: 'incident' }, nodes: [node('x', { status: 'incident' })] });
      }
      const odd = [
        await started(store, { flow: 'order', more: { active: 2 } }),
        await started(store, { flow: 'loan', ...none }),
        await started(store, { flow: 'loan', ...none, more: { active: 0 } }),
      ].sort();
      const leftOver = [
        await started(store, { flow: 'a', more: over }),
        await started(store, { flow: 'order', ...none, more: { ...over, status: 'cancelled', active: 1 } }),
      ].sort();
      for (const limit of [1, 2, 3, 100]) {
        expect(await walk(LIVE, limit)).toMatchObject({ looked: 18, odd });
        expect(await walk(OVER, limit)).toMatchObject({ looked: 5, odd: leftOver });
      }
    });
  });
}
