import { afterEach, describe, expect, it } from 'vitest';
import type { Engine } from '../../../src/engine/engine.js';
import type { QuarantineView } from '../../../src/engine/ports/views.js';
import { EngineBench, until } from '../bench.js';

const LOAN = `flow: loan
input: { type: object, required: [amount], properties: { amount: { type: number } } }
nodes: { begin: { start: true }, review: { task: review }, done: { end: success } }
edges: [begin -> review -> done]
`;

describe('the quarantine', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  const kept = (more: (row: QuarantineView) => boolean = () => true): Promise<QuarantineView> =>
    until('a kept message', async () => (await bench.views.quarantined({ limit: 50 })).items.find(more));
  const replay = (engine: Engine, id: string) => engine.replayQuarantined.execute({ id, by: 'ann' });

  it('S18: replays a start once its flow is published, as the instance that it would have been', async () => {
    bench = new EngineBench({ review: () => ({ ok: true }) });
    const engine = await bench.engine();
    bench.broker.publishStart('loan', { amount: 5 }, { messageId: 'm-1', headers: { 'sluice-key': 'L-1' } });
    const { id, code } = await kept();
    expect(code).toBe('UNKNOWN_FLOW');
    expect(await replay(engine, id)).toMatchObject({ ok: false, error: { reason: 'still-refused' } });
    bench.catalog.publish(LOAN);
    const answer = await replay(engine, id);
    if (!answer.ok) throw new Error(answer.error.message);
    const { instance } = answer.value;
    await until('the end', async () => (await bench.instance(instance))?.status === 'completed');
    expect(await bench.views.instance(instance)).toMatchObject({ instance: { key: 'L-1' }, input: { amount: 5 } });
    expect(await bench.views.quarantinedOne(id)).toMatchObject({ state: 'replayed', replays: 2, handledBy: 'ann' });
    expect(await replay(engine, id)).toMatchObject({ ok: false, error: { reason: 'quarantine-settled' } });
    // The same message from its sender is the same start.
    const again = { flow: 'loan', input: { amount: 5 }, receipt: 'm-1' };
    expect(await engine.startInstance.execute(again)).toMatchObject({ ok: true, value: { id: instance } });
    expect([engine.tally.get('quarantine.replayed'), engine.tally.get('quarantine.refused')]).toEqual([1, 1]);
  });

  it('says the new reason when a replay fails for another one', async () => {
    bench = new EngineBench();
    const engine = await bench.engine();
    bench.broker.publishStart('loan', { amount: 'much' });
    const { id } = await kept();
    bench.catalog.publish(LOAN);
    expect(await replay(engine, id)).toMatchObject({ ok: false, error: { reason: 'still-refused' } });
    const row = await bench.views.quarantinedOne(id);
    expect(row).toMatchObject({ state: 'open', replays: 1, code: 'INVALID_INPUT' });
    expect(row?.reason).toContain('/amount');
  });

  it('keeps the same instance when a replay died between the start and its mark', async () => {
    bench = new EngineBench({ review: () => ({ ok: true }) });
    const engine = await bench.engine();
    bench.broker.publishStart('loan', { amount: 5 });
    const { id } = await kept();
    bench.catalog.publish(LOAN);
    const settle = bench.store.settleQuarantined.bind(bench.store);
    bench.store.settleQuarantined = () => Promise.reject(new Error('died'));
    await expect(replay(engine, id)).rejects.toThrow('died');
    bench.store.settleQuarantined = settle;
    expect(await replay(engine, id)).toMatchObject({ ok: true });
    expect(bench.rows.instances.size).toBe(1);
  });

  it.each([
    ['text', `{"amount":5,"text":"${'ü🚀'.repeat(150_000)}"}`],
    ['a byte-order mark', '\ufeff{"amount":5}'],
  ])('S4: keeps a body up to 1 MiB whole: %s', async (_, text) => {
    bench = new EngineBench();
    const engine = await bench.engine();
    const bytes = new TextEncoder().encode(text);
    bench.broker.publishStart('loan', bytes);
    const { id, size } = await kept();
    expect([size, (await bench.views.quarantinedOne(id))?.body === text]).toEqual([bytes.length, true]);
    expect(await replay(engine, id)).toMatchObject({ error: { reason: 'still-refused' } });
  });

  it('S4: keeps the beginning of a larger body, and says that it cannot be replayed', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    bench.broker.publishStart('loan', { amount: 5, text: 'x'.repeat(1_048_576) });
    const { id, body } = await kept();
    expect(body).toHaveLength(4_096);
    expect(await replay(engine, id)).toMatchObject({ error: { reason: 'not-replayable' } });
    expect(await bench.views.quarantinedOne(id)).toMatchObject({ state: 'open', code: 'TOO_LARGE' });
  });

  it('keeps bytes that are no text, and reads them again as they were', async () => {
    bench = new EngineBench({}, LOAN);
    const engine = await bench.engine();
    const bytes = Uint8Array.from({ length: 20_000 }, (_, at) => 255 - (at % 256));
    bench.broker.publishStart('loan', bytes);
    const { id, encoding } = await kept();
    expect(encoding).toBe('base64');
    const body = (await bench.views.quarantinedOne(id))?.body ?? '';
    expect(Buffer.from(body, 'base64').equals(bytes)).toBe(true);
    expect(await replay(engine, id)).toMatchObject({ error: { reason: 'still-refused' } });
  });

  it('publishes a kept dispatch again while its row waits for it, and says why it does not', async () => {
    let asked = 0;
    bench = new EngineBench({ review: () => ({ asked: ++asked }) }, LOAN);
    const publish = bench.broker.publish.bind(bench.broker);
    bench.broker.publish = async (dispatches) => dispatches.map(() => true);
    const engine = await bench.engine();
    const instance = await bench.start(engine, 'loan', { amount: 5 });
    const row = bench.rows.entry({ instance, node: 'review', visit: 1 })?.node;
    const { attempt, dispatch, lane, wakeAt } = row ?? ({} as never);
    const message = { instance, flow: 'loan', version: 1, node: 'review', visit: 1, attempt, dispatch };
    const put = (more: object): Promise<void> =>
      bench.store.quarantine({
        source: 'dispatch',
        code: 'DELIVERY_LIMIT',
        reason: 'r',
        exchange: '',
        routingKey: 'normal',
        headers: {},
        body: JSON.stringify({ ...message, kind: 'task', handler: 'review', lane, wakeAt, ...more }),
        encoding: 'utf8',
        size: 99,
        sha256: '',
      });
    await put({});
    await put({ dispatch: dispatch + 1 });
    await put({ instance: 'nobody' });
    const rows = (await bench.views.quarantined({ limit: 9 })).items.map(({ id }) => id).sort();
    bench.broker.publish = publish;
    expect(await replay(engine, rows[1] ?? '')).toMatchObject({ error: { reason: 'stale-dispatch' } });
    expect(await replay(engine, rows[2] ?? '')).toMatchObject({ error: { reason: 'stale-dispatch' } });
    expect(await replay(engine, rows[0] ?? '')).toEqual({ ok: true, value: { instance } });
    await until('the end', async () => (await bench.instance(instance))?.status === 'completed');
    expect(asked).toBe(1);
  });

  it('does not replay what nobody can tell the purpose of', async () => {
    bench = new EngineBench();
    const engine = await bench.engine();
    bench.broker.publishRaw('fast', 'no dispatch');
    const { id, source } = await kept();
    expect(source).toBe('message');
    expect(await replay(engine, id)).toMatchObject({ error: { reason: 'not-replayable' } });
  });

  it('marks what is discarded, with who and when, and keeps it', async () => {
    bench = new EngineBench();
    const engine = await bench.engine();
    bench.broker.publishStart('loan', {});
    const { id } = await kept();
    const discard = () => engine.discardQuarantined.execute({ id, by: 'ann' });
    expect(await discard()).toEqual({ ok: true, value: null });
    expect(await bench.views.quarantinedOne(id)).toMatchObject({ state: 'discarded', handledBy: 'ann' });
    expect(await discard()).toMatchObject({ error: { reason: 'quarantine-settled' } });
    expect(await replay(engine, id)).toMatchObject({ error: { reason: 'quarantine-settled' } });
    expect(await replay(engine, 'nothing')).toMatchObject({ error: { reason: 'unknown-quarantined' } });
  });

  it('H33: tells a replay to come later while the lanes are full, and changes nothing', async () => {
    bench = new EngineBench();
    const engine = await bench.engine({ backlog: 1 });
    bench.broker.publishStart('loan', { amount: 5 });
    const { id } = await kept();
    bench.catalog.publish(LOAN);
    bench.broker.depth = async () => 1;
    await new Promise((wake) => setTimeout(wake, 550));
    expect(await replay(engine, id)).toMatchObject({ error: { reason: 'busy' } });
    expect(await bench.views.quarantinedOne(id)).toMatchObject({ state: 'open', replays: 0 });
    expect(engine.tally.get('start.busy')).toBe(1);
  });
});
