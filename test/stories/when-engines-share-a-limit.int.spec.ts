import { Module } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Tally } from '../../src/engine/tally.js';
import { Task } from '../../src/worker/task.decorator.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';
import { freshDatabase, freshVhost } from '../support/servers.mjs';

const MAX = 3;
const INSTANCES = 14;
const flow = (name: string, bound: string): string => `flow: ${name}
nodes:
  begin: { start: true }
  call: { task: shared.call, in: { bank: input.bank, flow: "'${name}'" }, ${bound} }
  done: { end: done }
edges: [begin -> call -> done]
`;

/** Both engines run in this process, so that one count sees the calls of both. */
const running = new Map<string, number>();
const most = new Map<string, number>();
const began: number[] = [];

class Calling {
  @Task('shared.call')
  async call(input: unknown): Promise<object> {
    const { bank, flow: of } = input as { readonly bank: string; readonly flow: string };
    const key = `${of} ${bank}`;
    began.push(performance.now());
    const now = (running.get(key) ?? 0) + 1;
    running.set(key, now);
    most.set(key, Math.max(most.get(key) ?? 0, now));
    await new Promise((wake) => setTimeout(wake, 400));
    running.set(key, (running.get(key) ?? 1) - 1);
    return {};
  }
}

@Module({ providers: [Calling] })
class CallingModule {}

let servers: readonly TestServer[];
let close: () => Promise<void>;

beforeAll(async () => {
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  const settings = {
    SLUICE_DATABASE_URL: database.url,
    SLUICE_BROKER_URL: vhost.url,
    SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
    SLUICE_WATCH_HEALTH: 'false',
  };
  const first = await serveForTest(settings, { modules: [CallingModule] });
  servers = [first, await serveForTest(settings, { modules: [CallingModule] })];
  close = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await Promise.all([database.drop(), vhost.drop()]);
  };
});
afterAll(() => close());

const taken = (): readonly number[] => servers.map(({ app }) => app.get(Tally).get('delivery.taken'));

async function run(name: string, bound: string, banks: readonly string[]): Promise<readonly string[]> {
  const [server] = servers as [TestServer];
  expect((await server.ask('POST', '/api/definitions', { source: flow(name, bound) })).status).toBe(201);
  const started = await Promise.all(
    banks.map((bank, at) =>
      (servers[at % servers.length] as TestServer).ask('POST', '/api/instances', { flow: name, input: { bank } }),
    ),
  );
  const ids = started.map(({ body }) => body.id as string);
  const seen = await eventually(
    () => Promise.all(ids.map(async (id) => (await server.ask('GET', `/api/instances/${id}`)).body)),
    (all) => all.every(({ status }) => status === 'completed'),
    120_000,
  );
  for (const { nodes } of seen)
    expect(nodes.find(({ node }: { node: string }) => node === 'call')).toMatchObject({ attempt: 1, attempts: [] });
  return ids;
}

it('runs no more at once than the limit says, of all engines together, and each value apart', async () => {
  const before = taken();
  const banks = [...Array.from({ length: INSTANCES }, () => 'south'), 'north', 'north'];
  await run('limited', `limit: { max: ${MAX}, by: input.bank }`, banks);
  expect(most.get('limited south')).toBe(MAX);
  expect(most.get('limited north')).toBeLessThanOrEqual(2);
  const [first = 0, second = 0] = taken().map((count, at) => count - (before[at] ?? 0));
  expect(Math.min(first, second), 'deliveries of the engine that had fewer').toBeGreaterThan(0);
}, 150_000);

it('begins no more in any span than the rate says, of all engines together', async () => {
  began.length = 0;
  await run(
    'rated',
    'rate: { max: 4, per: 2s }',
    Array.from({ length: 10 }, () => 'south'),
  );
  expect(began).toHaveLength(10);
  // A handler begins a moment after it was counted, one sooner than another: so much of the span is not judged.
  const spread = 300;
  for (const at of began) {
    const within = began.filter((other) => other >= at && other < at + 2_000 - spread);
    expect(within.length).toBeLessThanOrEqual(4);
  }
}, 150_000);
