import amqp from 'amqplib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { topologyOf } from '../../src/broker/topology/topology.js';
import { KeepLanes } from '../../src/engine/health/lanes/keep-lanes.js';
import { Router } from '../../src/engine/health/router.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

const RULES = `
lanes: { orders-apart: { concurrency: 3 } }
rules:
  - { code: apart, match: { flow: order }, lane: orders-apart, reason: three at a time in each engine }
`;

let servers: readonly [TestServer, TestServer];
let names: ReturnType<typeof topologyOf>['names'];
let stranger: amqp.ChannelModel;
let close: () => Promise<void>;

beforeAll(async () => {
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  const settings = {
    SLUICE_DATABASE_URL: database.url,
    SLUICE_BROKER_URL: vhost.url,
    SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
    SLUICE_WATCH_HEALTH: 'false',
  };
  const tuning = { laneEveryMs: 500 };
  const first = await serveForTest(settings, { tuning });
  servers = [first, await serveForTest(settings, { tuning })];
  names = topologyOf(vhost.prefix).names;
  stranger = await amqp.connect(vhost.url);
  close = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await stranger.close();
    await Promise.all([database.drop(), vhost.drop()]);
  };
});
afterAll(() => close());

/** How many consume a queue; `null`: there is none. */
async function consumersOf(queue: string): Promise<number | null> {
  const channel = await stranger.createChannel();
  channel.on('error', () => {});
  try {
    const { consumerCount } = await channel.checkQueue(queue);
    await channel.close();
    return consumerCount;
  } catch {
    return null;
  }
}

const start = async (orderId: string): Promise<string> =>
  (await servers[0].ask('POST', '/api/instances', { flow: 'order', input: { orderId, amount: 20 } })).body.id;
const show = async (id: string) => (await servers[1].ask('GET', `/api/instances/${id}`)).body;
const finished = (ids: readonly string[]) =>
  eventually(
    () => Promise.all(ids.map(show)),
    (all) => all.every(({ status }) => status === 'completed'),
  );

it('every engine has it within a second of the rule, with places of its own, and empties it before it goes', async () => {
  for (const server of servers)
    await eventually(
      () => server.ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
  expect((await servers[1].ask('POST', '/api/routing/rules', { source: RULES })).status).toBe(201);
  const began = performance.now();
  await eventually(
    async () => servers.map(({ app }) => app.get(Router).snapshot.lanes?.has('orders-apart')),
    (have) => have.every(Boolean),
    5_000,
  );
  // Half a second to hear of the rule, half a second to hear of the lane; the machine of the test may be busy.
  expect(performance.now() - began).toBeLessThan(3_000);
  await eventually(
    () => consumersOf(names.lane('orders-apart')),
    (count) => count === 2,
    3_000,
  );

  const ids = await Promise.all(Array.from({ length: 20 }, (_, at) => start(`apart-${at}`)));
  for (const { nodes } of await finished(ids))
    expect(nodes.find(({ node }: { node: string }) => node === 'reserve')?.lane).toBe('orders-apart');
  const rows = (await servers[0].ask('GET', '/api/routing/lanes')).body;
  expect(rows.find(({ lane }: { lane: string }) => lane === 'orders-apart')).toMatchObject({
    places: 3,
    state: 'open',
  });

  expect((await servers[0].ask('POST', '/api/routing/rules', { source: 'rules: []' })).status).toBe(201);
  // While it closes, work goes on: in it what lies there, elsewhere what is new.
  const later = await Promise.all(Array.from({ length: 10 }, (_, at) => start(`after-${at}`)));
  await eventually(
    () => consumersOf(names.lane('orders-apart')),
    (count) => count === null,
  );
  await finished(later);
  await eventually(
    async () => servers.flatMap(({ app }) => app.get(KeepLanes).named),
    (named) => named.length === 0,
  );
  const { items } = (await servers[0].ask('GET', '/api/routing/changes?limit=10')).body;
  expect(
    items.filter(({ kind }: { kind: string }) => kind.startsWith('lane.')).map(({ kind }: { kind: string }) => kind),
  ).toEqual(['lane.gone', 'lane.closed', 'lane.closing', 'lane.opened']);
});

it('what waits for its time in a lane that goes is not stranded', async () => {
  const delayed = RULES.replace('lane: orders-apart,', 'lane: orders-apart, delay: 20s,');
  expect((await servers[0].ask('POST', '/api/routing/rules', { source: delayed })).status).toBe(201);
  await eventually(
    async () => servers.map(({ app }) => app.get(Router).snapshot.lanes?.has('orders-apart')),
    (have) => have.every(Boolean),
  );
  const ids = [await start('waits-1'), await start('waits-2')];
  await eventually(
    () => Promise.all(ids.map(show)),
    (all) => all.every(({ nodes }) => nodes.some(({ lane }: { lane: string | null }) => lane === 'orders-apart')),
  );
  expect((await servers[0].ask('POST', '/api/routing/rules', { source: 'rules: []' })).status).toBe(201);
  await eventually(
    () => consumersOf(names.lane('orders-apart')),
    (count) => count === null,
    15_000,
  );
  await finished(ids);
  expect((await servers[0].ask('GET', '/api/quarantine')).body.items).toEqual([]);
}, 90_000);
