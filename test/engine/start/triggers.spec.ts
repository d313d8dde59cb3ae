import { afterEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../../src/core/json.js';
import type { Engine } from '../../../src/engine/engine.js';
import { StoreUnavailable } from '../../../src/engine/ports/store.js';
import { readTriggers } from '../../../src/language/routing/triggers/read-triggers.js';
import { EngineBench, until } from '../bench.js';

const flow = (name: string, more = ''): string =>
  `flow: ${name}\n${more}nodes: { begin: { start: true }, w: { wait: never.${name} }, done: { end: success } }\nedges: [begin -> w -> done]\n`;
const COUPON = flow('coupon', 'input: { type: object, required: [uid], properties: { uid: { type: string } } }\n');
const POINTS = flow('points', 'key: input.uid\n');

describe('a trigger', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  async function engines(count: number, triggers: string): Promise<Engine[]> {
    const read = readTriggers(`triggers:\n${triggers}`, 'x.triggers.yaml');
    if (!read.triggers) throw new Error(read.problems.map(({ message }) => message).join('\n'));
    bench = new EngineBench({}, COUPON, POINTS);
    const all = await Promise.all(Array.from({ length: count }, () => bench.engine()));
    for (const { beside } of all) beside.triggers.follow(read.triggers);
    return all;
  }
  const tell = async (engine: Engine | undefined, payload: JsonObject, id?: string) => {
    const answer = await engine?.beside.messaging.send.execute({ name: 'cart.added', payload, ...(id && { id }) });
    if (!answer?.ok) throw new Error(answer?.error.message);
    return answer.value;
  };
  const instances = async () => (await bench.views.instances({ limit: 100 })).items;
  const countsOf = async (engine: Engine | undefined, trigger: string) => {
    await engine?.beside.tellCounts();
    return (await bench.store.triggers.counts()).find((one) => one.trigger === trigger);
  };

  it('starts every flow that an event is for, with the input that it maps', async () => {
    const [engine] = await engines(
      1,
      `  - { code: coupon, on: cart.added, when: event.stock > 0, start: coupon, input: { uid: event.user } }
  - { code: points, on: cart.added, start: points, input: { uid: event.user } }
  - { code: other, on: cart.removed, start: points }
`,
    );
    const { started } = await tell(engine, { user: 'u1', stock: 1 });
    expect(started).toMatchObject([
      { trigger: 'coupon', flow: 'coupon', duplicate: false },
      { trigger: 'points', flow: 'points', duplicate: false },
    ]);
    expect((await bench.views.instance(started[0]?.instance ?? ''))?.input).toEqual({ uid: 'u1' });
    expect((await tell(engine, { user: 'u2', stock: 0 })).started).toMatchObject([{ trigger: 'points' }]);
    expect(await countsOf(engine, 'coupon')).toMatchObject({ started: 1, passed: 1, lastAt: expect.any(Number) });
  });

  it('starts once for an event that is told again, to whichever engine', async () => {
    const [one, other] = await engines(2, '  - { code: coupon, on: cart.added, start: coupon }\n');
    const told = await Promise.all([one, other, one, other].map((engine) => tell(engine, { uid: 'u' }, 'event-1')));
    expect(new Set(told.flatMap(({ started }) => started.map(({ instance }) => instance))).size).toBe(1);
    expect(await instances()).toHaveLength(1);
    await tell(one, { uid: 'u' }, 'event-2');
    expect(await instances()).toHaveLength(2);
  });

  it('tells events apart by `dedupe` when it has one', async () => {
    const [engine] = await engines(1, '  - { code: coupon, on: cart.added, start: coupon, dedupe: event.uid }\n');
    await tell(engine, { uid: 'a' }, 'event-1');
    await tell(engine, { uid: 'a' }, 'event-2');
    await tell(engine, { uid: 'b' }, 'event-3');
    expect(await instances()).toHaveLength(2);
    expect(await countsOf(engine, 'coupon')).toMatchObject({ started: 2, duplicate: 1 });
  });

  it('starts no more than its quota, over all engines, and an event that has its share again and again', async () => {
    const trigger = '  - { code: coupon, on: cart.added, start: coupon, quota: { max: 2, by: event.uid } }\n';
    const [one, other] = await engines(2, trigger);
    const told = await Promise.all(
      ['1', '2', '3', '4', '5'].map((id, at) => tell(at % 2 ? one : other, { uid: 'a' }, `event-${id}`)),
    );
    expect(told.filter(({ started }) => started.length > 0)).toHaveLength(2);
    await tell(one, { uid: 'b' }, 'event-6');
    expect(await instances()).toHaveLength(3);
    const winner = told.findIndex(({ started }) => started.length > 0) + 1;
    expect((await tell(other, { uid: 'a' }, `event-${winner}`)).started).toMatchObject([{ duplicate: true }]);
    expect(await instances()).toHaveLength(3);
  });

  it('counts an event that two engines are told at once, though one takes its share and the other starts it', async () => {
    const trigger = '  - { code: coupon, on: cart.added, start: coupon, quota: { max: 1 } }\n';
    const [one, other] = await engines(2, trigger);
    const { claim } = bench.store.triggers;
    let first = true;
    bench.store.triggers.claim = async (...given) => {
      const claimed = await claim.apply(bench.store.triggers, given);
      if (!first) return claimed;
      first = false;
      expect((await tell(other, { uid: 'a' }, 'event-1')).started).toMatchObject([{ duplicate: false }]);
      return claimed;
    };
    expect((await tell(one, { uid: 'a' }, 'event-1')).started).toMatchObject([{ duplicate: true }]);
    expect((await tell(one, { uid: 'b' }, 'event-2')).started).toEqual([]);
  });

  it('uses nothing of its quota when an instance lives under the business key', async () => {
    const trigger = '  - { code: points, on: cart.added, start: points, quota: { max: 1 } }\n';
    const [engine] = await engines(1, trigger);
    await bench.start(engine as Engine, 'points', { uid: 'a' });
    expect((await tell(engine, { uid: 'a' })).started).toMatchObject([{ duplicate: true }]);
    expect((await tell(engine, { uid: 'b' })).started).toMatchObject([{ duplicate: false }]);
    expect((await tell(engine, { uid: 'c' })).started).toEqual([]);
    expect(await countsOf(engine, 'points')).toMatchObject({ started: 1, duplicate: 1, over: 1 });
  });

  it('keeps what it cannot start in the quarantine, to be replayed as a start, and hinders no other', async () => {
    const [engine] = await engines(
      1,
      `  - { code: coupon, on: cart.added, start: coupon, input: { uid: event.n } }
  - { code: gone, on: cart.added, start: nowhere }
  - { code: odd, on: cart.added, start: points, dedupe: event.missing }
  - { code: points, on: cart.added, start: points }
`,
    );
    expect((await tell(engine, { uid: 'a', n: 5 })).started).toMatchObject([{ trigger: 'points' }]);
    const { items } = await bench.views.quarantined({ limit: 10 });
    expect(items.map(({ code, source, routingKey }) => [code, source, routingKey]).sort()).toEqual([
      ['INVALID_INPUT', 'start', 'coupon'],
      ['TRIGGER_FAILED', 'message', 'cart.added'],
      ['UNKNOWN_FLOW', 'start', 'nowhere'],
    ]);
    bench.catalog.publish(flow('nowhere'));
    const lost = items.find(({ code }) => code === 'UNKNOWN_FLOW');
    const replayed = await engine?.replayQuarantined.execute({ id: lost?.id ?? '', by: 'ann' });
    expect(replayed).toMatchObject({ ok: true });
    expect(await countsOf(engine, 'gone')).toMatchObject({ failed: 1, started: 0 });
  });

  it('hears what comes over the broker, and waits with it while too much work lies in the lanes', async () => {
    const [engine] = await engines(1, '  - { code: coupon, on: cart.added, start: coupon }\n');
    const { startInstance } = engine as Engine;
    const execute = startInstance.execute.bind(startInstance);
    let busy = 1;
    startInstance.execute = async (command) =>
      busy-- > 0 ? { ok: false, error: { code: 'BUSY', message: 'Expected room.' } } : execute(command);
    const body = new TextEncoder().encode('{"uid":"u"}');
    bench.broker.publishMessage('cart.added', body, { messageId: 'event-1' });
    await until('the start', async () => (await instances()).length === 1);
    bench.broker.publishMessage('cart.added', body, { messageId: 'event-1' });
    bench.broker.publishMessage('cart.added', body, { messageId: 'event-2' });
    await until('the second start', async () => (await instances()).length === 2);
    expect((await bench.views.quarantined({ limit: 10 })).items).toEqual([]);
    expect(busy).toBeLessThan(0);
  });

  it('C22: starts nothing twice when the database goes away between the start and the message', async () => {
    const [one, other] = await engines(2, '  - { code: coupon, on: cart.added, start: coupon }\n');
    const keep = bench.store.messages.keep.bind(bench.store.messages);
    bench.store.messages.keep = () => Promise.reject(new StoreUnavailable('The database is away.'));
    await expect(tell(one, { uid: 'u' }, 'event-1')).rejects.toThrow(StoreUnavailable);
    expect(await instances()).toHaveLength(1);
    bench.store.messages.keep = keep;
    expect((await tell(other, { uid: 'u' }, 'event-1')).started).toMatchObject([{ duplicate: true }]);
    expect(await instances()).toHaveLength(1);
  });

  it('takes no message while too much work lies in the lanes, and the same one later', async () => {
    const [engine] = await engines(1, '  - { code: coupon, on: cart.added, start: coupon }\n');
    const { startInstance } = engine as Engine;
    const execute = startInstance.execute.bind(startInstance);
    startInstance.execute = async () => ({ ok: false, error: { code: 'BUSY', message: 'Expected room.' } });
    const send = { name: 'cart.added', payload: { uid: 'u' }, id: 'event-1' };
    const refused = await engine?.beside.messaging.send.execute(send);
    expect(refused).toMatchObject({ ok: false, error: { code: 'BUSY' } });
    expect(await bench.store.messages.counts()).toMatchObject({ open: 0 });
    startInstance.execute = execute;
    expect(await tell(engine, send.payload, send.id)).toMatchObject({
      duplicate: false,
      started: [{ duplicate: false }],
    });
  });

  it('leaves the message for who waits for it, and nobody need wait', async () => {
    const [engine] = await engines(1, '  - { code: coupon, on: never.points, start: coupon }\n');
    const waiting = await bench.start(engine as Engine, 'points', { uid: 'a' });
    const sent = await engine?.beside.messaging.send.execute({ name: 'never.points', payload: { uid: 'a' }, ttlMs: 1 });
    expect(sent).toMatchObject({ value: { takenBy: { instance: waiting }, started: [{ trigger: 'coupon' }] } });
    await engine?.beside.messaging.send.execute({ name: 'never.points', payload: { uid: 'b' }, ttlMs: 1 });
    await until('the end of its time', async () => {
      await engine?.beside.messaging.correlate.execute();
      return (await bench.store.messages.counts()).open === 0;
    });
    expect((await bench.views.quarantined({ limit: 10 })).items).toEqual([]);
  });
});
