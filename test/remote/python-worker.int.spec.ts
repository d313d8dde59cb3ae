import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../cli/support/call.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { WorkerProcess } from '../support/remote/worker-process.js';
import { findPython } from '../support/servers/python.mjs';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

const python = findPython();
if (!python) console.warn('SKIPPED: the Python worker, because there is no Python with pika. Install python3-pika.');

const FLOW = `
flow: application
key: input.loanId
nodes:
  begin: { start: true }
  kyc: { task: kyc.verify, remote: true, in: { loanId: input.loanId }, timeout: 10s }
  passed: { end: passed }
  refused: { end: refused }
edges:
  - begin -> kyc
  - kyc -> passed: result.pass == true
  - kyc -> refused: on error BAD_INPUT
  - kyc -> refused: else
`;

describe.skipIf(!python)('the worker of the documentation, in Python', () => {
  let vhost: Awaited<ReturnType<typeof freshVhost>>;
  let worker: WorkerProcess;

  beforeAll(async () => {
    vhost = await freshVhost();
    worker = WorkerProcess.python(python as string, vhost.url, 'kyc.verify');
  });
  afterAll(async () => {
    await worker.kill();
    await vhost.drop();
  });

  it('keeps to the contract in everything that is tried', async () => {
    const args = ['conform', 'kyc.verify', '--broker', vhost.url, '-i', '{"loanId":"L-1"}', '--case', 'permanent={}'];
    const env = { SLUICE_TOPOLOGY_PREFIX: vhost.prefix };
    const report = await eventually(
      async () => JSON.parse((await call([...args, '--json'], { env })).out),
      ({ findings }) => findings[0].verdict === 'passed',
    );
    expect(report.findings.filter(({ verdict }: { verdict: string }) => verdict === 'failed')).toEqual([]);
    const tried = report.findings.filter(({ verdict }: { verdict: string }) => verdict === 'passed');
    expect(tried.length).toBeGreaterThanOrEqual(9);

    const { code, out, err } = await call(args, { env });
    expect(code).toBe(0);
    expect(out).toMatch(/^passed +answers permanent +permanent error BAD_INPUT$/m);
    expect(err).toContain('keeps to the contract');
  }, 60_000);

  it('serves a flow to its ends', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-remote-'));
    writeFileSync(join(folder, 'application.flow.yaml'), FLOW);
    const database = await freshDatabase();
    let server: TestServer | undefined;
    try {
      server = await serveForTest({
        SLUICE_DATABASE_URL: database.url,
        SLUICE_BROKER_URL: vhost.url,
        SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
        SLUICE_DEFINITIONS: folder,
      });
      const { ask } = server;
      const inputs = [...Array.from({ length: 20 }, (_, at) => `L-${at}`), 4711];
      for (const loanId of inputs)
        expect((await ask('POST', '/api/instances', { flow: 'application', input: { loanId } })).status).toBe(201);
      const { body } = await eventually(
        () => ask('GET', '/api/instances?flow=application&status=completed&limit=100'),
        (answer) => answer.body.items?.length === inputs.length,
      );
      const ends = body.items.map(({ outcome }: { outcome: string }) => outcome);
      expect(ends.filter((end: string) => end === 'passed')).toHaveLength(20);
      expect(ends.filter((end: string) => end === 'refused')).toHaveLength(1);
    } finally {
      await server?.stop();
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    }
  }, 60_000);
});
