import { afterEach, describe, expect, it } from 'vitest';
import type { WaitRecord } from '../../../src/engine/commit/messages/message-store.js';
import { StoreUnavailable } from '../../../src/engine/ports/store.js';
import { EngineBench, until } from '../bench.js';

const LOAN = `flow: loan
input: { type: object, properties: { id: { type: string } } }
nodes:
  begin: { start: true }
  race:  { gateway: event }
  paid:  { wait: bank.paid, match: { loan: input.id }, keep: 1h }
  late:  { timer: 1h }
  done:  { end: success }
  over:  { end: late }
edges: [begin -> race, race -> paid -> done, race -> late -> over]
`;
const SLOW = `flow: slow
input: { type: object, properties: { id: { type: string } } }
nodes:
  begin: { start: true }
  work:  { task: demo.work }
  paid:  { wait: bank.paid, match: { loan: input.id } }
  done:  { end: success }
edges: [begin -> work -> paid -> done]
`;

describe('a message', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  const ended = (id: string) =>
    until('the end', async () => (await bench.instance(id))?.status === 'completed' && bench.instance(id));
  const paid = (loan: string) => ({ name: 'bank.paid', payload: { loan } });

  it('goes to the instance that waits for it, and its payload is the output', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    const [one, other] = [
      await bench.start(engine, 'loan', { id: 'a' }),
      await bench.start(engine, 'loan', { id: 'b' }),
    ];
    const answer = await engine.beside.messaging.send.execute(paid('b'));
    expect(answer).toMatchObject({ ok: true, value: { takenBy: { instance: other, node: 'paid' } } });
    expect(await ended(other)).toMatchObject({ outcome: 'success' });
    const view = await bench.views.instance(other);
    expect(view?.nodes.find(({ node }) => node === 'paid')?.output).toEqual({ loan: 'b' });
    expect((await bench.instance(one))?.status).toBe('running');
    expect(await bench.store.messages.counts()).toEqual({ open: 0, claimed: 0, waits: 1 });
  });

  it('that comes before anybody waits is kept, and taken when somebody does', async () => {
    let goOn = (): void => {};
    const work = new Promise<void>((resolve) => (goOn = resolve));
    bench = new EngineBench({ 'demo.work': () => work }, SLOW);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'slow', { id: 'a' });
    expect(await engine.beside.messaging.send.execute(paid('a'))).toMatchObject({ value: { takenBy: null } });
    goOn();
    await ended(id);
    expect(engine.tally.get('message.taken')).toBe(1);
  });

  it('is taken by one of those that it matches, the one that has waited longest', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    const ids: string[] = [];
    for (let at = 0; at < 3; at++) {
      ids.push(await bench.start(engine, 'loan', { id: 'a' }));
      await new Promise((wake) => setTimeout(wake, 2));
    }
    for (const id of ids) {
      expect(await engine.beside.messaging.send.execute(paid('a'))).toMatchObject({
        value: { takenBy: { instance: id } },
      });
    }
    expect(await engine.beside.messaging.send.execute(paid('a'))).toMatchObject({ value: { takenBy: null } });
  });

  it('is one message, however often it is sent with its id', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    const ids = [await bench.start(engine, 'loan', { id: 'a' }), await bench.start(engine, 'loan', { id: 'a' })];
    const send = () => engine.beside.messaging.send.execute({ ...paid('a'), id: 'bank-1' });
    expect(await send()).toMatchObject({ value: { duplicate: false } });
    expect(await send()).toMatchObject({ value: { duplicate: true, takenBy: null } });
    const states = await Promise.all(ids.map(async (id) => (await bench.instance(id))?.status));
    expect(states.sort()).toEqual(['completed', 'running']);
  });

  it('is not for a wait that takes no message as old', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    await engine.beside.messaging.send.execute(paid('a'));
    const [kept] = bench.rows.messages.values();
    if (kept) Object.assign(kept, { receivedAt: kept.receivedAt - 3_600_001 });
    const id = await bench.start(engine, 'loan', { id: 'a' });
    await engine.beside.messaging.idle();
    expect((await bench.instance(id))?.status).toBe('running');
  });

  it('comes by the broker too; what cannot be used goes to the quarantine', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'loan', { id: 'a' });
    bench.broker.publishMessage('bank paid', { loan: 'a' });
    bench.broker.publishMessage('bank.paid', new TextEncoder().encode('{"loan":'));
    bench.broker.publishMessage('bank.paid', { loan: 'a' }, { messageId: 'm' });
    await ended(id);
    await until('the quarantine', () => bench.rows.quarantine.length === 2);
    const kept = bench.rows.quarantine.map(({ source, code, routingKey }) => `${source} ${code} ${routingKey}`);
    expect(kept.sort()).toEqual(['message INVALID_NAME bank paid', 'message NOT_JSON bank.paid']);
  });

  it.each([
    [{ name: 'a b', payload: {} }, 'INVALID_NAME'],
    [{ name: 'a', payload: { text: 'x'.repeat(65_536) } }, 'INVALID_PAYLOAD'],
    [
      { name: 'a', payload: Object.fromEntries(Array.from({ length: 201 }, (_, at) => [`m${at}`, at])) },
      'INVALID_PAYLOAD',
    ],
    [{ name: 'a', payload: {}, ttlMs: 0 }, 'INVALID_TTL'],
  ])('that is none is refused (%#)', async (command, code) => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    expect(await engine.beside.messaging.send.execute(command)).toMatchObject({ ok: false, error: { code } });
    expect(bench.rows.messages.size).toBe(0);
  });

  it('that nobody waited for in time goes to the quarantine, and is counted', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    await engine.beside.messaging.send.execute({ ...paid('a'), ttlMs: 1 });
    await new Promise((wake) => setTimeout(wake, 5));
    await engine.beside.messaging.correlate.execute();
    expect(bench.rows.quarantine).toMatchObject([{ source: 'message', code: 'NOBODY_WAITED', body: '{"loan":"a"}' }]);
    expect([engine.tally.get('message.expired'), bench.rows.messages.size]).toEqual([1, 0]);
  });

  describe('is not lost when an engine dies', () => {
    it('C18: after storing it, before looking for who waits', async () => {
      bench = new EngineBench({}, LOAN);
      const engine = await bench.engine({ sweepEveryMs: 60_000 });
      const id = await bench.start(engine, 'loan', { id: 'a' });
      await bench.store.messages.keep({ id: 'm', ...paid('a') }, 60_000);
      expect((await bench.instance(id))?.status).toBe('running');
      await engine.beside.messaging.correlate.execute();
      await ended(id);
    });

    it('C19: after setting it aside; the same instance is asked again, and then any other', async () => {
      bench = new EngineBench({}, LOAN);
      const engine = await bench.engine({ sweepEveryMs: 60_000 });
      const id = await bench.start(engine, 'loan', { id: 'a' });
      const wait = [...bench.rows.waits.values()][0] as WaitRecord;
      const claim = async (by: WaitRecord): Promise<void> => {
        await bench.store.messages.keep({ id: `m-${by.visit}`, ...paid('a') }, 60_000);
        await bench.store.messages.claim(`m-${by.visit}`, by);
        for (const kept of bench.rows.messages.values()) kept.claimedAt -= 30_001;
      };
      await claim(wait);
      await engine.beside.messaging.correlate.execute();
      await ended(id);
      const next = await bench.start(engine, 'loan', { id: 'a' });
      await claim({ ...wait, visit: 2 });
      await engine.beside.messaging.correlate.execute();
      await ended(next);
      expect(engine.tally.get('message.asked-again')).toBe(2);
    });

    it('C20: after the wait is stored, before looking for earlier messages', async () => {
      bench = new EngineBench({}, LOAN);
      const engine = await bench.engine({ sweepEveryMs: 60_000 });
      await bench.store.messages.keep({ id: 'm', ...paid('a') }, 60_000);
      const messagesFor = bench.store.messages.messagesFor.bind(bench.store.messages);
      bench.store.messages.messagesFor = () => Promise.reject(new StoreUnavailable('away'));
      const id = await bench.start(engine, 'loan', { id: 'a' });
      await engine.beside.messaging.idle();
      bench.store.messages.messagesFor = messagesFor;
      expect((await bench.instance(id))?.status).toBe('running');
      await engine.beside.messaging.correlate.execute();
      await ended(id);
    });
  });

  it('finds its wait although the row of an older one was left behind', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'loan', { id: 'a' });
    const wait = [...bench.rows.waits.values()][0] as WaitRecord;
    bench.rows.waits.set('left behind', { ...wait, visit: 9, openedAt: 1 });
    const left = bench.store.messages.forget.bind(bench.store.messages);
    bench.store.messages.forget = async (one) => void (await left(one), bench.rows.waits.delete('left behind'));
    expect(await engine.beside.messaging.send.execute(paid('a'))).toMatchObject({
      value: { takenBy: { instance: id, visit: 1 } },
    });
    expect(bench.rows.waits.size).toBe(0);
  });
});

describe('a paused instance', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  it('lets what runs finish, holds what follows, and goes on when it is resumed', async () => {
    let goOn = (): void => {};
    const work = new Promise<void>((resolve) => (goOn = resolve));
    let ran = 0;
    const TWO = `flow: two
nodes: { begin: { start: true }, a: { task: first }, b: { task: second }, done: { end: success } }
edges: [begin -> a -> b -> done]
`;
    bench = new EngineBench({ first: () => work, second: () => ++ran }, TWO);
    const engine = await bench.engine({ sweepEveryMs: 20, timerEveryMs: 20 });
    const id = await bench.start(engine, 'two');
    await until('the first', () => engine.inHand.size === 1);
    expect(await engine.pauseInstance.pause({ instance: id, by: 'ops' })).toEqual({ ok: true, value: null });
    goOn();
    const b = () => bench.rows.nodes.get(id)?.get('b.1')?.node;
    await until('the second, held', () => b());
    await new Promise((wake) => setTimeout(wake, 80));
    expect([b()?.queue, b()?.status, ran, (await bench.instance(id))?.status]).toEqual([null, 'ready', 0, 'paused']);
    expect(await engine.pauseInstance.resume({ instance: id, by: 'ops' })).toEqual({ ok: true, value: null });
    await until('the end', async () => (await bench.instance(id))?.status === 'completed');
    expect(ran).toBe(1);
  });
});
