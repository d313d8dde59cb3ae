import amqp from 'amqplib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let vhost: Awaited<ReturnType<typeof freshVhost>>;
let server: TestServer;
let connection: amqp.ChannelModel;
let channel: amqp.ConfirmChannel;

beforeAll(async () => {
  [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  server = await serveForTest({
    SLUICE_DATABASE_URL: database.url,
    SLUICE_BROKER_URL: vhost.url,
    SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
  });
  connection = await amqp.connect(vhost.url);
  channel = await connection.createConfirmChannel();
  await eventually(
    () => server.ask('GET', '/health/ready'),
    ({ status }) => status === 200,
  );
});

afterAll(async () => {
  await connection.close();
  await server.stop();
  await Promise.all([database.drop(), vhost.drop()]);
});

const send = async (flow: string, body: Buffer, properties: amqp.Options.Publish = {}): Promise<void> => {
  channel.publish(`${vhost.prefix}.start`, flow, body, { contentType: 'application/json', ...properties });
  await channel.waitForConfirms();
};
const json = (value: unknown): Buffer => Buffer.from(JSON.stringify(value));
const ofKey = (key: string) => server.ask('GET', `/api/instances?key=${key}`);

describe('a start that comes again', () => {
  const input = { orderId: 'o-77', amount: 12 };

  it('is one instance, however often and by whichever door it comes, also after it has finished', async () => {
    for (let copy = 0; copy < 3; copy++) await send('order', json(input), { messageId: 'message-77' });
    for (let copy = 0; copy < 2; copy++) {
      const { status } = await server.ask(
        'POST',
        '/api/instances',
        { flow: 'order', input },
        { 'idempotency-key': 'message-77' },
      );
      expect([200, 201]).toContain(status);
    }
    await eventually(
      () => ofKey('o-77'),
      ({ body }) => body.items[0]?.status === 'completed',
    );

    await send('order', json(input), { messageId: 'message-77' });
    const again = await server.ask(
      'POST',
      '/api/instances',
      { flow: 'order', input },
      { 'idempotency-key': 'message-77' },
    );
    expect(again).toMatchObject({ status: 200, body: { duplicate: true } });

    // A start sent after them has been taken, so they have been taken too.
    await send('order', json({ orderId: 'o-78', amount: 12 }), { messageId: 'message-78' });
    await eventually(
      () => ofKey('o-78'),
      ({ body }) => body.items.length === 1,
    );
    const { body } = await ofKey('o-77');
    expect(body.items).toHaveLength(1);
    expect(body.items[0].id).toBe(again.body.id);
  });

  it('is another instance when its key is free again and it has another identity', async () => {
    const { status } = await server.ask('POST', '/api/instances', { flow: 'order', input });
    expect(status).toBe(201);
    expect((await ofKey('o-77')).body.items).toHaveLength(2);
  });
});

describe('a start message that cannot be used', () => {
  it.each([
    ['S1 is not JSON', 'order', Buffer.from('{"orderId": '), 'NOT_JSON'],
    ['S18 names an unknown flow', 'no_such_flow', json({}), 'UNKNOWN_FLOW'],
    ['S19 violates the input schema', 'order', json({ orderId: 'o-79', amount: 'much' }), 'INVALID_INPUT'],
    ['S3 is JSON but no object', 'order', json([1, 2]), 'NOT_AN_OBJECT'],
    [
      'S6 has a reserved name',
      'order',
      Buffer.from('{"orderId":"o-80","amount":1,"__proto__":{"x":1}}'),
      'RESERVED_NAME',
    ],
    [
      'S8 has a number that loses digits',
      'order',
      Buffer.from('{"orderId":"o-81","amount":12345678901234567890}'),
      'NUMBER_TOO_LARGE',
    ],
  ])('%s: it is in the quarantine with the reason', async (_, flow, body, code) => {
    await send(flow, body);
    const { body: page } = await eventually(
      () => server.ask('GET', '/api/quarantine'),
      (answer) => answer.body.items.some((item: { code: string }) => item.code === code),
    );
    const kept = page.items.find((item: { code: string }) => item.code === code);
    expect(kept).toMatchObject({ source: 'start', routingKey: flow, body: body.toString(), size: body.length });
    expect(kept.reason).toMatch(/^Expected .+, but .+\./);
  });
});
