import { Module } from '@nestjs/common';
import { expect } from 'vitest';
import { Task } from '../../../src/worker/task.decorator.js';
import { eventually, serveForTest } from './served.js';

const FLOW = `flow: offer
nodes:
  begin: { start: true }
  stock: { task: shop.ask, in: { shop: input.shop }, circuit: { by: input.shop, fallback: { known: false, shop: input.shop } } }
  sold: { end: sold }
  call: { end: call_them }
edges:
  - begin -> stock
  - stock -> sold: result.known
  - stock -> call: else
`;
const PICK = `flow: pick_one
nodes:
  begin: { start: true }
  pick: { gateway: exclusive }
  stock: { task: shop.ask, in: { shop: input.shop }, circuit: { by: input.shop } }
  sold: { end: sold }
  call: { end: call_them }
edges:
  - begin -> pick
  - pick -> stock: not circuit.open
  - pick -> call: else
  - stock -> sold
`;
const SUBJECT = 'shop.ask[shop=south]';

class Shops {
  static asked = 0;
  static down = true;

  @Task('shop.ask')
  ask(): object {
    Shops.asked += 1;
    if (Shops.down) throw new Error('nobody answers');
    return { known: true };
  }
}

@Module({ providers: [Shops] })
class ShopsModule {}

/** A shop that does not answer, and what is offered meanwhile; then it answers. */
export async function degrades(settings: Readonly<Record<string, string>>): Promise<void> {
  Shops.asked = 0;
  Shops.down = true;
  const server = await serveForTest({ SLUICE_WATCH_HEALTH: 'true', ...settings }, { modules: [ShopsModule] });
  try {
    // What is dispatched before the broker is there waits for the sweep, half a minute.
    await eventually(
      () => server.ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
    expect((await server.ask('POST', '/api/definitions', { source: FLOW })).status).toBe(201);
    expect((await server.ask('POST', '/api/definitions', { source: PICK })).status).toBe(201);
    const start = async (flow = 'offer'): Promise<string> =>
      (await server.ask('POST', '/api/instances', { flow, input: { shop: 'south' } })).body.id;
    const ended = async (id: string) =>
      eventually(
        async () => (await server.ask('GET', `/api/instances/${id}`)).body,
        ({ status }) => status === 'completed',
      );
    for (let count = 0; count < 8; count++) await start();
    await eventually(
      async () => (await server.ask('GET', '/api/routing/subjects')).body as { subject: string; circuit: string }[],
      (all) => all.some(({ subject, circuit }) => subject === SUBJECT && circuit === 'open'),
    );
    const asked = Shops.asked;
    const id = await start();
    const seen = await ended(id);
    expect(seen.outcome).toBe('call_them');
    const node = seen.nodes.find((one: { node: string }) => one.node === 'stock');
    expect(node).toMatchObject({ status: 'done', shown: 'degraded', attempt: 1, attempts: [] });
    expect(node.output).toEqual({ known: false, shop: 'south' });
    expect(node.reason).toContain(`degraded: the circuit of ${SUBJECT} is `);
    expect((await server.ask('GET', `/api/instances/${id}/nodes/stock/why`)).body).toMatchObject({
      subject: SUBJECT,
      code: 'circuit.fallback',
      opinions: [{ stage: 'circuit', action: 'fallback', won: ['action'] }, { stage: 'default' }],
    });
    expect((await server.ask('GET', `/api/instances/${id}/diagram`)).body).toContain('class n_stock degraded');
    // Its opening may end on a slow machine; an operator's does not.
    const override = { code: 'the-shop', match: { subject: SUBJECT } };
    const opened = { ...override, circuit: 'open', reason: 'they are closed today' };
    expect((await server.ask('POST', '/api/routing/overrides', opened)).status).toBe(201);
    const other = await start('pick_one');
    expect((await ended(other)).outcome).toBe('call_them');
    expect((await server.ask('GET', `/api/instances/${other}/nodes/pick/why`)).body).toMatchObject({
      lane: null,
      asked: [{ node: 'stock', subject: SUBJECT, open: true, said: expect.stringContaining('they are closed today') }],
    });
    expect(Shops.asked).toBe(asked);

    Shops.down = false;
    const closed = { ...override, circuit: 'closed', reason: 'they called' };
    expect((await server.ask('POST', '/api/routing/overrides', closed)).status).toBe(201);
    await eventually(
      async () => (await ended(await start())).outcome,
      (outcome) => outcome === 'sold',
    );
  } finally {
    await server.stop();
  }
}
