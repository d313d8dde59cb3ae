import { afterAll, beforeAll, expect, it } from 'vitest';
import { Router } from '../../src/engine/health/router.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

let servers: readonly [TestServer, TestServer];
let close: () => Promise<void>;

beforeAll(async () => {
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  const settings = {
    SLUICE_DATABASE_URL: database.url,
    SLUICE_BROKER_URL: vhost.url,
    SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
  };
  const first = await serveForTest(settings);
  servers = [first, await serveForTest(settings)];
  close = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all([database.drop(), vhost.drop()]);
  };
});
afterAll(() => close());

it('every engine obeys within a second, and forgets within a second', async () => {
  const codes = () =>
    servers.map(({ app }) =>
      app
        .get(Router)
        .snapshot.overrides.map(({ code }) => code)
        .join(),
    );
  const [, asked] = servers;
  const within = async (what: string): Promise<number> => {
    const began = performance.now();
    await eventually(
      async () => codes(),
      (all) => all.every((each) => each === what),
      5_000,
    );
    return performance.now() - began;
  };
  const held = { code: 'hold-orders', match: { flow: 'order' }, hold: true, reason: 'stock-taking' };
  expect((await asked.ask('POST', '/api/routing/overrides', held)).status).toBe(201);
  expect(await within('hold-orders')).toBeLessThan(1_000);
  expect((await asked.ask('POST', '/api/routing/overrides/hold-orders/remove', {})).status).toBe(200);
  expect(await within('')).toBeLessThan(1_000);
});
