import { expect, it } from 'vitest';
import { LaneList, OverrideRow, PublishedRules, RuleList } from '../../../src/console/routing/routing-views.js';
import { RoutingChangePage } from '../../../src/console/routing/rules/order-views.js';
import { eventually, type TestServer } from '../../support/engine/served.js';
import type { Opened } from './repair-suite.js';

const rulesFor = (lane: string): string =>
  `rules:\n  - { code: orders, match: { flow: order, node: reserve }, lane: ${lane}, reason: tested }\n`;

/** What people tell the router over HTTP, whatever it runs on. */
export function ordersOverHttp(opened: () => Opened): void {
  const ask: TestServer['ask'] = (...asked) => opened().server.ask(...asked);
  const show = async (id: string) => (await ask('GET', `/api/instances/${id}`)).body;
  const start = async (orderId: string): Promise<string> =>
    (await ask('POST', '/api/instances', { flow: 'order', input: { orderId, amount: 20 } })).body.id;
  const nodeOf = async (id: string, wanted: string) =>
    (await show(id)).nodes.find(({ node }: { node: string }) => node === wanted);

  it('holds what an operator holds, and lets it go afterwards', async () => {
    const held = { code: 'hold-orders', match: { flow: 'order' }, hold: true, reason: 'stock-taking' };
    const set = await ask('POST', '/api/routing/overrides', held);
    expect([set.status, OverrideRow.parse(set.body)]).toMatchObject([201, { code: 'hold-orders', by: 'admin' }]);
    const id = await start('held-1');
    const node = await eventually(
      async () => (await show(id)).nodes.at(-1),
      ({ shown }) => shown === 'held' || shown === 'delayed',
    );
    expect(node.reason).toMatch(/an operator says so until .*: stock-taking/);
    expect((await ask('POST', '/api/routing/overrides/hold-orders/remove', {})).status).toBe(200);
    const view = await eventually(
      () => show(id),
      ({ status }) => status === 'completed',
    );
    expect(view.outcome).toBe('shipped');
  });

  const laneOf = async (orderId: string) => {
    const id = await start(orderId);
    return (
      await eventually(
        () => nodeOf(id, 'reserve'),
        (node) => node?.lane != null,
      )
    ).lane;
  };

  it('routes by the rules that were published last, and by those before once they are restored', async () => {
    const publish = async (lane: string) => {
      const { status, body } = await ask('POST', '/api/routing/rules', { source: rulesFor(lane) });
      expect(status).toBe(201);
      return PublishedRules.parse(body).version;
    };
    const first = await publish('slow');
    expect(await laneOf('ruled-1')).toBe('slow');
    await publish('retry');
    expect(await laneOf('ruled-2')).toBe('retry');
    expect((await ask('POST', `/api/routing/rules/versions/${first}/restore`, {})).status).toBe(200);
    expect(await laneOf('ruled-3')).toBe('slow');
    const broken = await ask('POST', '/api/routing/rules', { source: rulesFor('Express') });
    expect(broken).toMatchObject({ status: 422, body: { code: 'INVALID_RULES', problems: [{ line: 2 }] } });
    expect(await laneOf('ruled-4')).toBe('slow');
    const { rules } = RuleList.parse((await ask('GET', '/api/routing/rules')).body);
    expect(rules.find(({ code }) => code === 'orders')?.hits).toBeGreaterThan(2);
    expect((await ask('POST', '/api/routing/rules', { source: 'rules: []' })).status).toBe(201);
  });

  it('makes the lane that a rule names, and tells of it', async () => {
    const source = `lanes: { orders-apart: { concurrency: 2 } }\n${rulesFor('orders-apart')}`;
    expect((await ask('POST', '/api/routing/rules', { source })).status).toBe(201);
    const rows = await eventually(
      async () => LaneList.parse((await ask('GET', '/api/routing/lanes')).body),
      (all) => all.some(({ lane }) => lane === 'orders-apart'),
    );
    expect(rows.at(-1)).toMatchObject({ lane: 'orders-apart', places: 2, state: 'open' });
    // An engine sends to the lane once it has heard that it is there, a moment after it is listed.
    let tries = 0;
    await eventually(
      () => laneOf(`apart-${tries++}`),
      (lane) => lane === 'orders-apart',
      5_000,
    );
    const id = await start('apart-last');
    const { status } = await eventually(
      () => show(id),
      (view) => view.status === 'completed',
    );
    expect([status, (await nodeOf(id, 'reserve')).lane]).toEqual(['completed', 'orders-apart']);
    expect((await ask('POST', '/api/routing/rules', { source: 'rules: []' })).status).toBe(201);
    const { items } = RoutingChangePage.parse((await ask('GET', '/api/routing/changes')).body);
    expect(items.map(({ kind }) => kind)).toContain('lane.opened');
  });
}
