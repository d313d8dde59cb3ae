import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { call } from '../cli/support/call.js';
import { eventually, serveForTest, type TestServer } from '../support/engine/served.js';

let server: TestServer;
beforeAll(async () => {
  server = await serveForTest();
});
afterAll(() => server.stop());

const publish = (text: string) => server.ask('POST', '/api/definitions', { source: text });
const start = async (flow: string, input: object = {}) =>
  (await server.ask('POST', '/api/instances', { flow, input })).body as { id: string; version: number };
const show = async (id: string) => (await server.ask('GET', `/api/instances/${id}`)).body;
const flowOf = (flow: string, nodes: readonly string[], edges: readonly string[], head = ''): string =>
  `flow: ${flow}\n${head}nodes:\n  begin: { start: true }\n${nodes.map((node) => `  ${node}\n`).join('')}edges:\n${edges.map((edge) => `  - ${edge}\n`).join('')}`;
const atRest = (id: string, node: string) =>
  eventually(
    () => server.ask('GET', `/api/instances/${id}`),
    ({ body }) => body.nodes.some((row: any) => row.node === node && row.status === 'waiting'),
  );
const migrate = async (flow: string, body: object) =>
  (await server.ask('POST', `/api/definitions/${flow}/migrate`, body)).body;

describe('the version that starts get', () => {
  const source = (end: string): string => flowOf('back', [`done: { end: ${end} }`], ['begin -> done']);

  it('is the newest, or the one that was activated, until a new one is published', async () => {
    for (const end of ['one', 'two']) await publish(source(end));
    expect((await start('back')).version).toBe(2);
    const activated = await server.ask('POST', '/api/definitions/back/activate', { version: 1 });
    expect(activated).toMatchObject({ status: 200, body: { starts: 1, activated: { version: 1, by: 'admin' } } });
    await eventually(
      () => start('back'),
      ({ version }) => version === 1,
    );
    // A server that starts publishes its files: what is there already takes nothing back.
    await publish(source('two'));
    expect((await start('back')).version).toBe(1);
    await publish(source('three'));
    expect((await start('back')).version).toBe(3);
    const { body } = await server.ask('GET', '/api/definitions/back/versions');
    expect(body).toMatchObject({
      starts: 3,
      activated: null,
      versions: [{ version: 3 }, { version: 2 }, { version: 1 }],
    });
    expect((await server.ask('POST', '/api/definitions/back/activate', { version: 9 })).status).toBe(404);
  });
});

describe('on the command line', () => {
  it('versions are listed, activated and migrated to, dry unless it is told otherwise', async () => {
    const env = { SLUICE_URL: server.url, SLUICE_TOKEN: 'a-token-for-tests-only' };
    const sluice = (...args: readonly string[]) => call(['definitions', ...args], { env });
    const source = (ms: string, end: string) =>
      flowOf('cli', [`wait: { timer: ${ms} }`, `done: { end: ${end} }`], ['begin -> wait -> done']);
    await publish(source('1h', 'old'));
    const { id } = await start('cli');
    await publish(source('2h', 'new'));
    expect((await sluice('versions', 'cli')).out).toMatch(/2 .*starts get it: the newest\s+1 /);
    expect(await sluice('activate', 'cli', '1')).toMatchObject({ code: 0, err: expect.stringContaining('version 1') });
    expect((await sluice('versions', 'cli')).out).toMatch(/\n1 .*starts get it: activated by admin/);
    const told = await sluice('migrate', 'cli', '--to', '2');
    expect(told).toMatchObject({ code: 0, err: expect.stringContaining('1 would move, 0 stay. Nothing was changed') });
    expect((await show(id)).version).toBe(1);
    expect(await sluice('migrate', 'cli', '--to', '2', '--apply')).toMatchObject({ code: 0, err: '1 moved, 0 stay.' });
    expect((await show(id)).version).toBe(2);
    expect((await sluice('activate', 'cli', 'x')).code).toBe(2);
  });
});

describe('instances that go on in another version', () => {
  const WAITING = ['ask: { wait: bank.paid, match: { id: input.id } }', 'done: { end: old }'];
  const head =
    'input: { type: object, required: [id, sum], properties: { id: { type: string }, sum: { type: number } } }\n';

  it('are told before, moved, and end by the lines of the new one, which reads what the old one did not', async () => {
    await publish(flowOf('loan', WAITING, ['begin -> ask -> done'], head));
    const { id } = await start('loan', { id: 'L-1', sum: 700 });
    await atRest(id, 'ask');
    const lines = ['begin -> ask', 'ask -> large: input.sum > 500', 'ask -> done: else'];
    await publish(
      flowOf('loan', [...WAITING.slice(0, 1), 'large: { end: large }', 'done: { end: small }'], lines, head),
    );

    const told = await migrate('loan', { to: 2 });
    expect(told).toMatchObject({
      dryRun: true,
      items: [{ instance: id, from: 1, outcome: 'moves', nodes: [{ node: 'ask', visit: 1, status: 'waiting' }] }],
    });
    expect((await show(id)).version).toBe(1);
    expect((await migrate('loan', { to: 2, dryRun: false })).items).toMatchObject([
      { outcome: 'moved', obstacles: [] },
    ]);
    expect((await show(id)).version).toBe(2);
    // Given again, it finds nothing to do.
    expect((await migrate('loan', { to: 2, dryRun: false })).items).toEqual([]);

    await server.ask('POST', '/api/messages', { name: 'bank.paid', payload: { id: 'L-1' } });
    const over = await eventually(
      () => show(id),
      ({ status }) => status === 'completed',
    );
    expect(over.outcome).toBe('large');
  });

  it('stay when the new version has no place for them, with a reason for each', async () => {
    await publish(flowOf('rest', WAITING, ['begin -> ask -> done'], head));
    const { id } = await start('rest', { id: 'L-2', sum: 1 });
    await atRest(id, 'ask');
    const other = 'ask: { wait: bank.answered, match: { id: input.id } }';
    const stricter = head.replace('[id, sum]', '[id, sum, bank]').replace('sum: {', 'bank: { type: string }, sum: {');
    for (const text of [
      flowOf('rest', ['later: { timer: 1h }', 'done: { end: d }'], ['begin -> later -> done'], head),
      flowOf('rest', ['ask: { timer: 1h }', 'done: { end: d }'], ['begin -> ask -> done'], head),
      flowOf('rest', [other, 'done: { end: d }'], ['begin -> ask -> done'], head),
      flowOf('rest', WAITING, ['begin -> ask -> done'], stricter),
    ]) {
      await publish(text);
    }
    const codes = [];
    for (const to of [2, 3, 4, 5]) {
      const { items } = await migrate('rest', { to, dryRun: false });
      codes.push(items.flatMap((item: any) => [item.outcome, ...item.obstacles.map(({ code }: any) => code)]));
    }
    expect(codes).toEqual([
      ['stays', 'NODE_GONE'],
      ['stays', 'OTHER_KIND'],
      ['stays', 'WAITS_FOR_ANOTHER'],
      ['stays', 'INPUT_DOES_NOT_FIT'],
    ]);
    expect(await show(id)).toMatchObject({ version: 1, status: 'running' });
    expect((await migrate('rest', { to: 99 })).code).toBe('UNKNOWN_FLOW');
  });

  it('stay when their variables do not fit the new version, and get the defaults that it declares where they do', async () => {
    const nodes = ['note: { set: { n: "\'seven\'" } }', ...WAITING];
    const edges = ['begin -> note -> ask', 'ask -> done: vars.n == "seven"', 'ask -> done: else'];
    await publish(flowOf('typed', nodes, edges, head));
    const { id } = await start('typed', { id: 'L-7', sum: 1 });
    await atRest(id, 'ask');
    const write = nodes.with(0, 'note: { set: { n: input.id } }');
    const declared = (n: string): string => `${head}vars: { n: { type: ${n} }, more: { type: number, default: 5 } }\n`;
    await publish(flowOf('typed', nodes.slice(1), ['begin -> ask -> done'], declared('integer')));
    await publish(flowOf('typed', write, edges, declared('string')));
    const told = [];
    for (const to of [2, 3]) told.push(...(await migrate('typed', { to, dryRun: true })).items);
    expect(told.map(({ outcome, obstacles }: any) => [outcome, ...obstacles.map(({ code }: any) => code)])).toEqual([
      ['stays', 'VARIABLE_DOES_NOT_FIT'],
      ['moves'],
    ]);
    await migrate('typed', { to: 3, dryRun: false });
    expect(await show(id)).toMatchObject({ version: 3, vars: { n: 'seven', more: 5 } });
  });

  it('keep what has come to a join, under the new number of its edge', async () => {
    const both = [
      'a: { set: { n: 1 } }',
      'b: { wait: x.y }',
      'both: { task: demo.never, join: all }',
      'done: { end: d }',
    ];
    await publish(
      flowOf('joined', both.with(2, 'both: { join: all }'), ['begin -> a & b', 'a & b -> both', 'both -> done']),
    );
    const { id } = await start('joined');
    await atRest(id, 'b');
    // The same edges in another order, with others before them.
    const nodes = [...both.with(2, 'both: { join: all }'), 'log: { timer: 1ms }'];
    await publish(flowOf('joined', nodes, ['b -> both', 'both -> log -> done', 'begin -> b & a', 'a -> both']));
    expect((await migrate('joined', { to: 2, dryRun: false })).items).toMatchObject([{ outcome: 'moved' }]);
    await server.ask('POST', '/api/messages', { name: 'x.y', payload: {} });
    const over = await eventually(
      () => show(id),
      ({ status }) => status === 'completed',
    );
    expect(over.nodes.map(({ node }: any) => node)).toContain('log');
  });

  it('are moved while they run, and none is lost: who was moved ends by the lines of the new version, the others of the old', async () => {
    const steps = ['a', 'b', 'c', 'd', 'e', 'f'];
    const text = (end: string): string =>
      flowOf(
        'busy',
        [...steps.map((id) => `${id}: { timer: 100ms }`), `done: { end: ${end} }`],
        [`begin -> ${steps.join(' -> ')} -> done`],
      );
    await publish(text('old'));
    const started = await Promise.all(Array.from({ length: 20 }, () => start('busy')));
    await publish(text('new'));
    const moved = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const { items } = await migrate('busy', { to: 2, dryRun: false });
      for (const item of items) if (item.outcome === 'moved') moved.add(item.instance);
      expect(items.filter(({ outcome }: any) => outcome === 'stays')).toEqual([]);
    }
    expect(moved.size).toBeGreaterThan(0);
    for (const { id } of started) {
      const over = await eventually(
        () => show(id),
        ({ status }) => status === 'completed',
      );
      const was = moved.has(id);
      expect([over.version, over.outcome, over.nodes.length]).toEqual([was ? 2 : 1, was ? 'new' : 'old', 8]);
    }
  });
});
