import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Broker } from '../../src/engine/ports/broker.js';
import type { MemoryBroker, StartProperties } from '../../src/memory/memory-broker.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';

let server: TestServer;
let broker: MemoryBroker;

beforeAll(async () => {
  server = await serveForTest();
  broker = server.app.get(Broker);
  await eventually(
    () => server.ask('GET', '/health/ready'),
    ({ status }) => status === 200,
  );
});

afterAll(() => server.stop());

const send = (body: string, properties: StartProperties = {}): boolean =>
  broker.publishStart('order', new TextEncoder().encode(body), properties);
const order = (orderId: string): string => JSON.stringify({ orderId, amount: 3 });
const post = (input: unknown, key?: string) =>
  server.ask('POST', '/api/instances', { flow: 'order', input, ...(key !== undefined && { key }) });
const ofKey = async (key: string) =>
  (await server.ask('GET', `/api/instances?key=${encodeURIComponent(key)}&limit=200`)).body.items as {
    id: string;
    key: string;
    status: string;
  }[];
const kept = async (code: string) =>
  (await server.ask('GET', '/api/quarantine?limit=200')).body.items.find((one: { code: string }) => one.code === code);

describe('a start by message', () => {
  it.each([
    ['S2 another content type', { contentType: 'text/xml' }, 'CONTENT_TYPE'],
    ['S2 compressed', { contentEncoding: 'gzip' }, 'CONTENT_ENCODING'],
    ['S11 a key header that is no text', { headers: { 'sluice-key': 7 } }, 'INVALID_KEY'],
    ['S18 a version header that is no number', { headers: { 'sluice-version': '1' } }, 'UNKNOWN_FLOW'],
  ])('%s: is kept with the reason', async (_, properties, code) => {
    expect(send(order(`odd-${code}`), properties)).toBe(true);
    expect(await eventually(() => kept(code), Boolean)).toMatchObject({ source: 'start', routingKey: 'order' });
    expect(await ofKey(`odd-${code}`)).toEqual([]);
  });

  it('S2 without a content type: is read as JSON', async () => {
    send(order('untyped'));
    await eventually(
      () => ofKey('untyped'),
      (items) => items.length === 1,
    );
  });

  it('S16 the same message twice: is one instance', async () => {
    for (let copy = 0; copy < 3; copy++) send(order('twice'), { messageId: 'm-twice' });
    send(order('after-twice'));
    await eventually(
      () => ofKey('after-twice'),
      (items) => items.length === 1,
    );
    expect(await ofKey('twice')).toHaveLength(1);
  });

  it('S17 neither message id nor key: is accepted, and a copy cannot be told', async () => {
    const keyless = 'flow: keyless\nnodes: { begin: { start: true }, done: { end: done } }\nedges: [begin -> done]\n';
    expect((await server.ask('POST', '/api/definitions', { source: keyless })).status).toBe(201);
    for (let copy = 0; copy < 2; copy++) broker.publishStart('keyless', {});
    const listed = () => server.ask('GET', '/api/instances?flow=keyless');
    await eventually(listed, ({ body }) => body.items.length === 2);
  });
});

describe('an input', () => {
  it('says in one sentence what does not fit, and cannot say by which play it was started', async () => {
    expect((await post({ amount: 'much' })).body).toMatchObject({
      status: 422,
      code: 'INVALID_INPUT',
      detail: expect.stringMatching(
        /^Expected the input to fit the schema of 'order', but [^:]*`\/amount` must be number\.$|; /,
      ),
    });
    const { status, body } = await post({
      orderId: 'forged',
      amount: 1,
      $play: { code: 'a', revision: 1, params: {} },
    });
    expect({ status, ...body }).toMatchObject({ status: 422, detail: expect.stringContaining("without '$play'") });
  });
});

describe('a business key', () => {
  it.each([
    ['S11 with a NUL', 'a\u0000b'],
    ['S11 with a sign that turns the direction', 'order-\u202e1-redro'],
    ['S11 with 191 characters', 'k'.repeat(191)],
    ['S11 empty', ''],
  ])('%s: is refused', async (_, key) => {
    expect(await post({ orderId: 'o', amount: 1 }, key)).toMatchObject({ status: 422 });
  });

  it('S12 differs by case, accent or trailing space: is another key', async () => {
    const keys = ['Strasse', 'strasse', 'Stráße', 'Strasse ', 'Strasse🚀'];
    for (const key of keys) expect((await post({ orderId: 'o', amount: 1 }, key)).status).toBe(201);
    for (const key of keys) expect((await ofKey(key)).some((item) => item.key === key)).toBe(true);
  });

  it('S13 is missing where the definition names one: is refused with the place', async () => {
    const { status, body } = await post({ amount: 1 });
    expect(status).toBe(422);
    expect(JSON.stringify(body)).toContain('orderId');
  });

  it('S14 S15 lives: the start is a duplicate; is free again: it is a new instance', async () => {
    // A slow partner: the first is still running when the second comes.
    const first = await post({ orderId: 'slow-77', amount: 1 });
    expect(first.status).toBe(201);
    expect(await post({ orderId: 'slow-77', amount: 1 })).toMatchObject({
      status: 200,
      body: { id: first.body.id, duplicate: true },
    });
    await eventually(
      () => ofKey('slow-77'),
      ([item]) => item?.status === 'completed',
    );
    const later = await post({ orderId: 'slow-77', amount: 1 });
    expect(later.status).toBe(201);
    expect(later.body.id).not.toBe(first.body.id);
  });
});

describe('a forged or replayed dispatch', () => {
  const dispatch = {
    flow: 'order',
    version: 1,
    visit: 1,
    attempt: 1,
    dispatch: 1,
    kind: 'task',
    lane: 'normal',
  } as const;

  it('S20 of an instance that nobody knows: is kept, and no handler runs', async () => {
    const message = {
      ...dispatch,
      instance: '01900000-0000-7000-8000-000000000000',
      node: 'reserve',
      handler: 'stock.reserve',
      wakeAt: 0,
    };
    await broker.publish([{ message, delayMs: 0 }]);
    expect(await eventually(() => kept('UNKNOWN_NODE_INSTANCE'), Boolean)).toMatchObject({ source: 'dispatch' });
  });

  it('S22 of a step that is long done: changes nothing', async () => {
    const { body } = await post({ orderId: 'replayed', amount: 1 });
    const show = () => server.ask('GET', `/api/instances/${body.id}`);
    const done = await eventually(show, (answer) => answer.body.status === 'completed');
    const message = { ...dispatch, instance: body.id, node: 'ship', handler: 'parcel.ship', wakeAt: 0 };
    await broker.publish([{ message, delayMs: 0 }]);
    await post({ orderId: 'after-replayed', amount: 1 });
    await eventually(
      () => ofKey('after-replayed'),
      ([item]) => item?.status === 'completed',
    );
    expect((await show()).body).toEqual(done.body);
  });
});
