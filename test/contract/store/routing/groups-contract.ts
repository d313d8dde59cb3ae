import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { inGroup, MOST_GROUP_LANES } from '../../../../src/core/routing/lane.js';
import type { GroupStore } from '../../../../src/engine/health/groups/group-store.js';
import type { LaneStore } from '../../../../src/engine/health/lanes/lane-store.js';
import type { StoredDispatch } from '../../../../src/engine/ports/store.js';
import type { Open, Opened } from '../opened.js';
import { node, started } from '../samples.js';

const pay = { engine: '0190-pay', group: 'pay', handlers: ['pay.charge', 'pay.refund'], upUntil: 5_000, revision: 1 };
const mail = { engine: '0190-mail', group: 'mail', handlers: ['mail.send'], upUntil: 6_000, revision: 1 };

/** What every GroupStore promises, and what lanes of groups are beside those of rules. */
export function describeGroups(name: string, open: Open): void {
  describe(`${name}: groups of engines`, () => {
    let on: Opened;
    let groups: GroupStore;
    let lanes: LaneStore;
    beforeAll(async () => {
      on = await open();
      groups = on.groups as GroupStore;
      lanes = on.lanes as LaneStore;
    });
    afterAll(() => on.close());

    it('are what engines say of themselves; the last word counts', async () => {
      expect(await groups.heads()).toEqual([]);
      await groups.announce(pay);
      await groups.announce(mail);
      expect(await groups.heads()).toEqual([
        { engine: '0190-mail', group: 'mail', upUntil: 6_000, revision: 1 },
        { engine: '0190-pay', group: 'pay', upUntil: 5_000, revision: 1 },
      ]);
      await groups.announce({ ...mail, handlers: ['mail.send', 'mail.read'], upUntil: 7_000, revision: 2 });
      expect((await groups.heads())[0]).toMatchObject({ upUntil: 7_000, revision: 2 });
      const told = await groups.handlersOf(['0190-mail', '0190-pay', 'nobody']);
      expect([...told].sort()).toEqual([
        ['0190-mail', ['mail.send', 'mail.read']],
        ['0190-pay', ['pay.charge', 'pay.refund']],
      ]);
    });

    it('stay up by one word, which brings back nobody that was forgotten', async () => {
      await groups.stay('0190-pay', 9_000.7);
      expect((await groups.heads())[1]).toMatchObject({ engine: '0190-pay', upUntil: 9_000, revision: 1 });
      await groups.forget(8_000);
      expect((await groups.heads()).map(({ engine }) => engine)).toEqual(['0190-pay']);
      await groups.stay('0190-mail', 20_000);
      expect((await groups.heads()).map(({ engine }) => engine)).toEqual(['0190-pay']);
      await groups.forget(9_000);
      expect(await groups.heads()).toHaveLength(1);
    });

    it('have names of handlers as long and as many as there are', async () => {
      const handlers = Array.from({ length: 3_000 }, (_, at) => `a.long.name.of.a.handler.number.${at}`);
      await groups.announce({ ...pay, handlers, revision: 3 });
      expect((await groups.handlersOf(['0190-pay'])).get('0190-pay')).toEqual(handlers);
    });

    it('give away dispatches of a lane that are still there, in their order, under the next number', async () => {
      const now = await on.store.now();
      const at = (name: string, wakeAt: number) => node(name, { queue: 130, lane: 'normal@pay', wakeAt });
      const nodes = [at('late', now + 60_000), at('b', now - 20), at('a', now - 20), at('early', now - 50)];
      const id = await started(on.store, { key: 'k-away', nodes });
      await started(on.store, {
        key: 'k-other',
        nodes: [node('other', { queue: 131, lane: 'slow@pay', wakeAt: now })],
      });
      const names = (rows: readonly StoredDispatch[]) => rows.map((row) => row.node.node);
      const first = await groups.waiting(130, null, 2);
      expect(names(first)).toEqual(['early', 'a']);
      const rest = await groups.waiting(130, first[1] ?? null, 5);
      expect(names(rest)).toEqual(['b', 'late']);
      expect(await groups.waiting(130, rest[1] ?? null, 5)).toEqual([]);

      const to = { lane: 'normal', queue: 2, reason: 'given away', receipt: null };
      const { rows, now: then } = await groups.move(130, [...first, ...rest.slice(1)], () => to);
      expect(then).toBeGreaterThanOrEqual(now);
      expect(new Set(names(rows))).toEqual(new Set(['early', 'a', 'late']));
      const { facts } = await on.store.read([{ instance: id, node: 'late', visit: 1, needs: null }]);
      const late = nodes[0];
      expect(facts[0]?.node).toMatchObject({
        lane: 'normal',
        queue: 2,
        reason: 'given away',
        wakeAt: now + 60_000,
        dispatch: (late?.dispatch ?? 0) + 1,
      });
      expect(names(await groups.waiting(130, null, 5))).toEqual(['b']);
      // Somebody else was first.
      expect((await groups.move(130, first, () => to)).rows).toEqual([]);
    });

    it('have lanes that no round closes for want of a rule, with room of their own', async () => {
      const wanted = { name: inGroup('normal', 'pay'), concurrency: 7 };
      await lanes.want([wanted, { name: 'vip', concurrency: 2 }], true);
      await new Promise((wake) => setTimeout(wake, 20));
      await lanes.retire(1);
      const known = async () =>
        ((await on.orders?.inForce())?.lanes ?? []).map(({ name: lane, state }) => `${lane} ${state}`);
      expect(await known()).toEqual(['normal@pay open', 'vip closing']);
      const many = Array.from({ length: MOST_GROUP_LANES }, (_, at) => ({
        name: inGroup('normal', `g${at}`),
        concurrency: null,
      }));
      expect((await lanes.want([...many, { name: 'bulk', concurrency: 1 }], true)).full).toEqual([
        `normal@g${MOST_GROUP_LANES - 1}`,
      ]);
      expect(await known()).toContain('bulk open');
    });
  });
}
