import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { POLICY } from '../../src/core/routing/policy.js';
import { EngineProcess } from '../support/engine/process.js';
import { QUICK, Stage, until } from '../support/engine/stage.js';

/** From the half-open circuit to the last step of its ramp. */
const RAMP_MS = 75_000;
const SUBJECT = 'http:calling.call[bank=south]';

let stage: Stage;
let partner: Server;
let calls: { readonly bank: string; readonly at: number }[];
const down = new Set<string>();

beforeAll(async () => {
  stage = await Stage.open();
  calls = [];
  partner = createServer((request, response) => {
    const bank = (request.url ?? '').slice(1);
    calls.push({ bank, at: performance.now() });
    response.statusCode = down.has(bank) ? 503 : 200;
    response.setHeader('content-type', 'application/json');
    response.end('{}');
  });
  await new Promise<void>((done) => partner.listen(0, '127.0.0.1', done));
});

afterAll(async () => {
  partner.closeAllConnections();
  await new Promise((done) => partner.close(done));
  await stage.close();
});

const flow = (port: number): string => `
flow: calling
key: input.key
nodes:
  begin: { start: true }
  call:
    task: http
    with: { method: POST, url: "http://127.0.0.1:${port}/\${bank}" }
    in: { bank: input.bank }
    circuit: { by: input.bank }
    timeout: 5s
    retry: { local: [], remote: [1s], max: 500 }
  done: { end: called }
edges:
  - begin -> call -> done
`;

const starts = (bank: string, count: number, prefix: string) =>
  Array.from({ length: count }, (_, at) => {
    const key = `${prefix}-${bank}-${at}`;
    return { flow: 'calling', key, input: { key, bank }, visits: ['call 1'], outcome: 'called' };
  });

async function stateOf(engine: EngineProcess): Promise<string> {
  const { body } = await engine.ask('GET', '/api/routing/subjects');
  const found = body.find((one: { readonly subject: string }) => one.subject === SUBJECT);
  return found?.circuit ?? 'unknown';
}

/** When each engine was first seen to be in that state. */
async function seenIn(state: string, engines: readonly EngineProcess[], withinMs: number): Promise<number[]> {
  return Promise.all(
    engines.map(async (engine) => {
      await until(`'${state}' in ${engine.pid}`, async () => (await stateOf(engine)) === state, withinMs);
      return performance.now();
    }),
  );
}

it('is known to all engines, also to one that starts later, and its probes are few although the one who judged was killed', async () => {
  const { port } = partner.address() as AddressInfo;
  const env = stage.env(QUICK, { SLUICE_HTTP_ALLOW: `127.0.0.1:${port}`, SLUICE_WATCH_HEALTH: 'true' });
  const engines = [await EngineProcess.start(env), await EngineProcess.start(env)];
  try {
    const [first] = engines as [EngineProcess];
    expect((await first.ask('POST', '/api/definitions', { source: flow(port) })).status).toBe(201);
    down.add('south');
    const south = starts('south', 40, 'early');
    const north = starts('north', 20, 'early');
    await stage.start([...south, ...north]);
    const times = await seenIn('open', engines, 20_000);
    expect(Math.abs((times[0] as number) - (times[1] as number)), 'ms between the engines').toBeLessThan(3_000);
    await stage.allOver(north);

    const judging = await Promise.all(engines.map(async (one) => (await one.tally())['health.maintained'] ?? 0));
    expect(judging.filter((times) => times > 0)).toHaveLength(1);
    const at = judging[0] ? 0 : 1;
    const [judge] = engines.splice(at, 1) as [EngineProcess];
    const called = calls.length;
    await judge.kill();
    const later = await EngineProcess.start(env);
    engines.push(later);
    // It has called nobody: what it knows it has read.
    await until('the later one to know', async () => /open/.test(await stateOf(later)));
    await until('another one to judge', async () => {
      const tallies = await Promise.all(engines.map((one) => one.tally()));
      return tallies.some((tally) => (tally['health.maintained'] ?? 0) > 0);
    });
    // On a slow machine its first opening may have ended meanwhile.
    expect(calls.length - called, 'calls that were no probes').toBeLessThanOrEqual(POLICY.circuit.probes);

    down.clear();
    await seenIn('ramp', engines, 100_000);
    expect(calls.length - called, 'probes').toBeGreaterThanOrEqual(4);
    await stage.allOver(south, RAMP_MS);
    const rows = await stage.rows('SELECT status, outcome, incidents FROM instance');
    expect(rows.filter(({ status, incidents }) => status !== 'completed' || incidents !== 0)).toEqual([]);
    const [row] = await stage.rows("SELECT circuit FROM route_subject WHERE subject LIKE '%call[bank=south]%'");
    expect(JSON.parse(String(row?.['circuit'])).state).toMatch(/ramp|closed/);
  } finally {
    await Promise.all(engines.map((engine) => engine.kill()));
  }
}, 300_000);
