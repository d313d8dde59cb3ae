import { expect, it } from 'vitest';
import { HandlerRegistry } from '../../src/worker/handler-registry.js';
import { eventually, serveForTest } from '../support/engine/served.js';

it('heals the incident of a missing handler by itself, and only that one', async () => {
  const server = await serveForTest({}, { modules: [], tuning: { healEveryMs: 200 } });
  try {
    const registry = server.app.get(HandlerRegistry);
    registry.register('partner.transfer', () => {
      throw Object.assign(new Error('The partner does not answer.'), { code: 'PARTNER_DOWN' });
    });
    const start = async (flow: string, input: unknown): Promise<string> =>
      (await server.ask('POST', '/api/instances', { flow, input })).body.id;
    const order = await start('order', { orderId: 'o-1', amount: 5 });
    const transfer = await start('incident', { transferId: 't-1', partner: 'steady' });
    const one = (id: string) => server.ask('GET', `/api/instances/${id}`);
    const codes = (answer: { body: { incidents: { code: string }[] } }): string[] =>
      answer.body.incidents.map(({ code }) => code).sort();

    await eventually(
      () => one(order),
      (answer) => codes(answer).length === 2,
    );
    expect(codes(await one(order))).toEqual(['NO_HANDLER', 'NO_HANDLER']);
    await eventually(
      () => one(transfer),
      ({ body }) => body.status === 'incident',
      20_000,
    );

    registry.register('stock.reserve', () => ({ inStock: true }));
    await eventually(
      () => one(order),
      (answer) => codes(answer).length === 1,
    );
    registry.register('payment.charge', () => ({ paid: true }));
    registry.register('parcel.ship', () => ({ parcel: 'p-1' }));
    await eventually(
      () => one(order),
      ({ body }) => body.status === 'completed',
    );
    // What failed for another reason waits for a person.
    expect(codes(await one(transfer))).toEqual(['EXHAUSTED']);
  } finally {
    await server.stop();
  }
});
