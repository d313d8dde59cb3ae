import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TriggerRow } from '../../../src/console/definitions/triggers.controller.js';
import * as views from '../../../src/console/views.js';
import { eventually, serveForTest, type TestServer } from '../../support/engine/served.js';

const FLOW = `flow: coupon
input: { type: object, required: [uid], properties: { uid: { type: string } } }
nodes: { begin: { start: true }, done: { end: success } }
edges: [begin -> done]
`;
const triggers = (code: string): string =>
  `triggers:
  - code: ${code}
    on: cart.added
    when: event.stock > 0
    start: coupon
    input: { uid: event.uid }
    quota: { max: 2, by: event.uid }
    window: { from: "2020-01-01T00:00:00Z" }
`;

describe('triggers of a folder, over HTTP', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-triggers-'));
  const write = (text: string) => writeFileSync(join(folder, 'cart.triggers.yaml'), text);
  let server: TestServer;
  beforeAll(async () => {
    writeFileSync(join(folder, 'coupon.flow.yaml'), FLOW);
    write(triggers('cart'));
    server = await serveForTest({ SLUICE_DEFINITIONS: folder });
    await eventually(
      () => server.ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  const tell = (stock: number, key: string) =>
    server.ask(
      'POST',
      '/api/messages',
      { name: 'cart.added', payload: { uid: 'u', stock } },
      { 'idempotency-key': key },
    );
  const list = async () => TriggerRow.array().parse((await server.ask('GET', '/api/triggers')).body);

  it('start what a message starts, once, and are listed with what they did', async () => {
    const first = await tell(1, 'e1');
    const sent = views.Sent.parse(first.body);
    expect([first.status, sent.started]).toMatchObject([202, [{ trigger: 'cart', flow: 'coupon', duplicate: false }]]);
    const again = await tell(1, 'e1');
    expect([again.status, again.body.started]).toMatchObject([200, [{ ...sent.started?.[0], duplicate: true }]]);
    expect((await tell(0, 'e2')).body).not.toHaveProperty('started');
    const instance = await server.ask('GET', `/api/instances/${sent.started?.[0]?.instance}`);
    expect(instance.body).toMatchObject({ flow: 'coupon', input: { uid: 'u' }, status: 'completed' });
    await tell(1, 'e3');
    await tell(1, 'e4');
    const [row] = await eventually(list, ([one]) => one?.counts.over === 1);
    expect(row).toMatchObject({
      code: 'cart',
      on: 'cart.added',
      when: 'event.stock > 0',
      flow: 'coupon',
      quota: { max: 2, by: 'event.uid' },
      window: { from: '2020-01-01T00:00:00.000Z', to: null },
      counts: { started: 2, duplicate: 1, passed: 1, over: 1, failed: 0 },
      lastAt: expect.any(String),
    });
  });

  it('are in force a moment after their file is saved; a file with an error changes nothing', async () => {
    write(triggers('other'));
    await eventually(list, ([one]) => one?.code === 'other');
    write(triggers('broken').replace('start: coupon', 'start: ""'));
    await new Promise((wake) => setTimeout(wake, 400));
    expect((await list()).map(({ code }) => code)).toEqual(['other']);
    write(triggers('mended'));
    await eventually(list, ([one]) => one?.code === 'mended');
  });
});
