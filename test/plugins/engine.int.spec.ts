import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defineNodeType } from '../../src/worker/plugins/node-type.js';
import { eventually, serveForTest } from '../support/engine/served.js';
import { WorkerProcess } from '../support/remote/worker-process.js';
import { findPython } from '../support/servers/python.mjs';
import { freshDatabase, freshVhost } from '../support/servers.mjs';
import { flowOf } from './kinds.js';
import { describeKinds } from './suite.js';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let vhost: Awaited<ReturnType<typeof freshVhost>>;
const settings = async () => ({
  SLUICE_DATABASE_URL: database.url,
  SLUICE_BROKER_URL: vhost.url,
  SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
});
beforeAll(async () => {
  database = await freshDatabase();
  vhost = await freshVhost();
});
afterAll(async () => {
  await database.drop();
  await vhost.drop();
});

describeKinds('kinds of plugins, on a database and RabbitMQ', settings);

const python = findPython();
if (!python) console.warn('SKIPPED: a kind done by a worker, because there is no Python with pika.');

describe.skipIf(!python)('a kind that is done outside', () => {
  it('is done by a worker at the queue of its major version', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-kinds-'));
    writeFileSync(join(folder, 'a.flow.yaml'), flowOf('{ acme.verify: { loanId: input.loanId }, timeout: 20s }'));
    const verify = defineNodeType({
      name: 'acme.verify',
      version: '1.0.0',
      schema: { properties: { loanId: { type: 'string', expression: true } } },
      traits: { remote: true },
    });
    const worker = WorkerProcess.python(python as string, vhost.url, 'acme.verify@1');
    const server = await serveForTest({ ...(await settings()), SLUICE_DEFINITIONS: folder }, { nodeTypes: [verify] });
    try {
      const { body } = await server.ask('POST', '/api/instances', { flow: 'example', input: { loanId: 'L-1' } });
      const view = await eventually(
        async () => (await server.ask('GET', `/api/instances/${body.id}`)).body,
        ({ status }) => status !== 'running',
      );
      expect(view).toMatchObject({
        status: 'completed',
        nodes: expect.arrayContaining([
          expect.objectContaining({ node: 'work', output: expect.objectContaining({ pass: true }) }),
        ]),
      });
    } finally {
      await server.stop();
      await worker.kill();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
