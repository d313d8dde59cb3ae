import { afterEach, describe, expect, it } from 'vitest';
import { until } from '../bench.js';
import { GroupBench, type Member } from './group-bench.js';

const ORDER = `flow: order
nodes:
  begin: { start: true }
  charge: { task: pay.charge }
  tell: { task: mail.send }
  done: { end: told }
edges: [begin -> charge -> tell -> done]
`;

/** Its handler needs nothing of the instance, so a message is run unread wherever that is safe. */
const TELL = `flow: tell
nodes:
  begin: { start: true }
  tell: { task: mail.send, in: { text: "'hello'" } }
  done: { end: told }
edges: [begin -> tell -> done]
`;

let bench: GroupBench;
afterEach(() => bench.end());

const calls: string[] = [];
const noting =
  (name: string) =>
  (_: unknown, { idempotencyKey }: { readonly idempotencyKey: string }): object => {
    calls.push(`${name} ${idempotencyKey}`);
    return {};
  };
const PAY = { 'pay.charge': noting('pay') };
const MAIL = { 'mail.send': noting('mail') };

const areDivided = (...members: readonly Member[]) =>
  until('all to know of two groups and their lanes', () =>
    members.every(({ engine: { router } }) => router.snapshot.groups && (router.snapshot.lanes?.size ?? 0) >= 10),
  );
const isOver = (id: string) =>
  until(`${id} to be over`, async () => (await bench.state(id)).instance.status === 'completed', 15_000);

describe('groups of engines', () => {
  it('a node goes to the lane of the one group that has its handler, which says why', async () => {
    bench = await GroupBench.open(ORDER);
    const pay = await bench.start('pay', PAY);
    const mail = await bench.start('mail', MAIL);
    await areDivided(pay, mail);
    const ids = await Promise.all(Array.from({ length: 20 }, (_, at) => bench.run(at % 2 ? pay : mail, 'order')));
    for (const id of ids) await isOver(id);
    for (const id of ids) {
      expect(await bench.node(id, 'charge')).toMatchObject({
        lane: 'normal@pay',
        attempt: 1,
        dispatch: 1,
        reason: "normal@pay: attempt 1, no rule says otherwise; only the group pay has 'pay.charge'",
      });
      expect(await bench.node(id, 'tell')).toMatchObject({ lane: 'normal@mail', dispatch: 1 });
    }
    expect(pay.engine.tally.get('delivery.elsewhere')).toBe(0);
    expect(mail.engine.tally.get('delivery.elsewhere')).toBe(0);
  });

  it('with one group alone nothing goes to a lane of its own', async () => {
    bench = await GroupBench.open(ORDER);
    const both = await bench.start('default', { ...PAY, ...MAIL });
    const id = await bench.run(both, 'order');
    await isOver(id);
    expect(await bench.node(id, 'tell')).toMatchObject({ lane: 'normal' });
    expect(both.engine.router.snapshot.groups).toBeUndefined();
    expect(both.engine.lanes.named).toEqual([]);
  });

  it('work of a group that is gone waits, the other goes on, and it ends when the group is back: once', async () => {
    bench = await GroupBench.open(ORDER);
    const pay = await bench.start('pay', PAY);
    const mail = await bench.start('mail', MAIL);
    await areDivided(pay, mail);
    await mail.kill();
    calls.length = 0;
    const ids = await Promise.all(Array.from({ length: 12 }, () => bench.run(pay, 'order')));
    await until('all to be charged', () => calls.length === 12);
    const later = await bench.run(pay, 'order');
    await until('the group to be gone', () => !pay.engine.lanes.groups?.current.isUp('mail'));
    const last = await bench.run(pay, 'order');
    await until('it to wait', async () => (await bench.node(last, 'tell'))?.status === 'ready');
    const waiting = await bench.node(last, 'tell');
    expect(waiting).toMatchObject({ lane: 'normal@mail', attempt: 1, dispatch: 1 });
    expect(waiting?.reason).toMatch(/the group mail has 'mail.send', and no engine of it has been up since 20/);
    expect(waiting?.receipt?.trace.at(-1)).toMatchObject({ stage: 'group', code: 'group.waits', won: ['lane'] });
    for (const id of [...ids, later, last]) expect((await bench.state(id)).instance.status).toBe('running');
    // The sweep looks again and again: what lies in the lane is no evidence of loss.
    await pay.engine.sweep.execute();
    expect(pay.engine.tally.get('swept')).toBe(0);

    await bench.start('mail', MAIL);
    for (const id of [...ids, later, last]) await isOver(id);
    expect(calls).toHaveLength(28);
    expect(new Set(calls).size).toBe(28);
  });

  it('what was lost on its way to a group that is gone is found when its lane is empty, and waits there', async () => {
    bench = await GroupBench.open(ORDER);
    const pay = await bench.start('pay', PAY, { sweepEveryMs: 100 });
    const mail = await bench.start('mail', MAIL);
    await areDivided(pay, mail);
    await mail.kill();
    const id = await bench.run(pay, 'order');
    await until('it to lie there', async () => (await bench.broker.depth('normal@mail')) === 1);
    // Deleted and made anew, as a queue of the broker that somebody deletes.
    await bench.broker.dropLane('normal@mail');
    await bench.broker.useLanes([{ name: 'normal@mail', leaving: false }]);
    await until('it to be sent again', async () => (await bench.broker.depth('normal@mail')) === 1);
    expect(await bench.node(id, 'tell')).toMatchObject({ lane: 'normal@mail', dispatch: 1 });
    await bench.start('mail', MAIL);
    await isOver(id);
  });

  it('a message that comes to an engine without the handler goes on to the group that has it, at no attempt', async () => {
    bench = await GroupBench.open(ORDER);
    const pay = await bench.start('pay', { ...PAY });
    const id = await bench.run(pay, 'order');
    await until('the incident', async () => (await bench.node(id, 'tell'))?.status === 'incident');
    const mail = await bench.start('mail', MAIL);
    await areDivided(pay, mail);
    // As another engine sends it that has not heard of the group yet.
    pay.engine.router.useGroups(null);
    const ids = await Promise.all(Array.from({ length: 16 }, () => bench.run(pay, 'order')));
    for (const one of ids) await isOver(one);
    for (const one of ids)
      for (const { attempt, dispatch } of (await bench.state(one)).nodes) {
        expect(attempt).toBe(1);
        expect(dispatch).toBeLessThanOrEqual(3);
      }
    expect(pay.engine.tally.get('delivery.elsewhere') + mail.engine.tally.get('delivery.elsewhere')).toBeGreaterThan(0);
    // What was an incident, because nobody had it, ended by itself.
    await isOver(id);
  });

  it('during a deploy that brings a handler, the old engine of the group leaves its work to the new one', async () => {
    bench = await GroupBench.open(ORDER);
    const old = await bench.start('all', { ...PAY });
    const fresh = await bench.start('all', { ...PAY, ...MAIL });
    const ids = await Promise.all(Array.from({ length: 6 }, () => bench.run(old, 'order')));
    for (const id of ids) await isOver(id);
    for (const id of ids) expect((await bench.state(id)).instance.incidents).toBe(0);
    expect(old.engine.tally.get('healed') + fresh.engine.tally.get('healed')).toBe(0);
    expect(old.engine.tally.get('delivery.elsewhere')).toBeGreaterThan(0);
  }, 30_000);

  it('after a deploy that takes a handler away work waits a while, then it is NO_HANDLER', async () => {
    bench = await GroupBench.open(ORDER);
    const groups = { everyMs: 60, upMs: 200, rememberMs: 900, oldMs: 600 };
    const old = await bench.start('all', { ...PAY, ...MAIL }, { groups });
    const fresh = await bench.start('all', PAY, { groups });
    await until('both to be known', () => fresh.engine.lanes.groups?.report()[0]?.up === 2);
    await old.kill();
    const id = await bench.run(fresh, 'order');
    await until('it to wait', async () => /does not have/.test((await bench.node(id, 'tell'))?.reason ?? ''));
    expect((await bench.state(id)).instance.incidents).toBe(0);
    await until('the incident', async () => (await bench.node(id, 'tell'))?.status === 'incident', 15_000);
    expect((await bench.node(id, 'tell'))?.attempt).toBe(1);
    expect(fresh.engine.tally.get('delivery.elsewhere')).toBeLessThan(6);
  }, 30_000);

  it('a group that stays away is forgotten: its lanes close, what waits in them is NO_HANDLER, and heals', async () => {
    bench = await GroupBench.open(ORDER);
    const tuning = { groups: { everyMs: 60, upMs: 200, rememberMs: 900, oldMs: 600 }, healEveryMs: 200 };
    const pay = await bench.start('pay', PAY, tuning);
    const mail = await bench.start('mail', MAIL, tuning);
    await areDivided(pay, mail);
    await mail.kill();
    const id = await bench.run(pay, 'order');
    await until('it to lie there', async () => (await bench.broker.depth('normal@mail')) === 1);
    await until('the incident', async () => (await bench.node(id, 'tell'))?.status === 'incident', 15_000);
    await until('the lanes to be gone', () => !pay.engine.lanes.named.some(({ name }) => name.endsWith('@mail')));
    expect(pay.engine.router.snapshot.groups).toBeUndefined();
    const again = await bench.start('mail', MAIL, tuning);
    await isOver(id);
    await areDivided(pay, again);
  }, 30_000);

  it('what waits for a group that is gone is given to another that has the handler, and runs once', async () => {
    bench = await GroupBench.open(TELL);
    const one = await bench.start('one', MAIL);
    const two = await bench.start('two', MAIL);
    const api = await bench.start('api', PAY);
    await areDivided(one, two, api);
    await one.kill();
    calls.length = 0;
    // Half of them go to the group of which nobody knows yet that it is gone.
    const ids = await Promise.all(Array.from({ length: 20 }, () => bench.run(api, 'tell')));
    const wentAstray = Number(await bench.broker.depth('normal@one'));
    expect(wentAstray).toBeGreaterThan(0);
    for (const id of ids) await isOver(id);
    expect(calls).toHaveLength(20);
    expect(api.engine.tally.get('group.moved') + two.engine.tally.get('group.moved')).toBe(wentAstray);
    // Back again, it finds messages that are nobody's any more.
    const back = await bench.start('one', MAIL);
    await until('the old messages to be dropped', async () => (await bench.broker.depth('normal@one')) === 0);
    await until('all of them', () => back.engine.tally.get('delivery.stale') === wentAstray);
    expect(calls).toHaveLength(20);
  }, 30_000);
});
