import { expect, it } from 'vitest';
import { eventually, serveForTest } from '../support/engine/served.js';
import { FaultProxy } from '../support/fault-proxy.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

const ORDER = { flow: 'order', input: { orderId: 'at-once', amount: 20 } };
/** Less than the sweep lets a dispatch rest before it sends it again. */
const BEFORE_THE_SWEEP_MS = 20_000;

it('what is started as soon as the port is open is sent at once, and not half a minute later by the sweep', async () => {
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  const late = await FaultProxy.open(vhost.url);
  late.refuse(true);
  setTimeout(() => late.refuse(false), 2_000);
  const server = await serveForTest({
    SLUICE_DATABASE_URL: database.url,
    SLUICE_BROKER_URL: late.url,
    SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
  });
  try {
    const began = performance.now();
    const { body } = await server.ask('POST', '/api/instances', ORDER);
    const show = () => server.ask('GET', `/api/instances/${body.id}`);
    const shown = await eventually(show, (answer) => answer.body.status === 'completed');
    expect(shown.body.status).toBe('completed');
    expect(performance.now() - began).toBeLessThan(BEFORE_THE_SWEEP_MS);
  } finally {
    await server.stop();
    await late.close();
    await Promise.all([database.drop(), vhost.drop()]);
  }
});

it('a broker that is not there keeps the doors closed for some seconds; then starts are stored', async () => {
  const database = await freshDatabase();
  // Nothing listens on the port of nobody.
  const server = await serveForTest({
    SLUICE_DATABASE_URL: database.url,
    SLUICE_BROKER_URL: 'amqp://guest:guest@127.0.0.1:9',
  });
  try {
    const { status, body } = await server.ask('POST', '/api/instances', ORDER);
    expect([status, body.status]).toEqual([201, 'running']);
    expect((await server.ask('GET', '/health/ready')).status).toBe(503);
  } finally {
    await server.stop();
    await database.drop();
  }
});
