import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveForTest, type TestServer } from '../support/engine/served.js';
import { type Called, call } from './support/call.js';

const ID = '00000000-0000-4000-8000-000000000000';
const FLOW = 'flow: gift\nnodes: { begin: { start: true }, done: { end: done } }\nedges: [begin -> done]\n';
let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), 'sluice-odd-'));
});
afterAll(() => rmSync(cwd, { recursive: true }));

describe('a server that is none, or none any more', () => {
  const ask = async (answer: RequestListener, ...args: string[]): Promise<Called> => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await new Promise((open) => server.once('listening', open));
    const env = { SLUICE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, SLUICE_TOKEN: 't' };
    const called = await call(args, { env, cwd });
    server.closeAllConnections();
    server.close();
    return called;
  };
  const cut: RequestListener = (_, answer) => {
    answer.writeHead(200, { 'content-type': 'application/json', 'content-length': '99' }).write('{"items":');
    setTimeout(() => answer.destroy(), 20);
  };

  it('breaks off in the middle of its answer', async () => {
    expect(await ask(cut, 'list')).toMatchObject({ code: 1, err: expect.stringMatching(/broke off\. Ask again\.$/) });
    const { code, err } = await ask(cut, 'cancel', ID);
    expect({ code, err }).toMatchObject({ code: 1, err: expect.stringContaining('may be done: look before asking') });
  });

  it.each<[string, RequestListener]>([
    ['answers with a page', (_, answer) => answer.end('<html></html>')],
    ['answers with nothing', (_, answer) => answer.end('null')],
    ['sends elsewhere', (_, answer) => answer.writeHead(301, { location: 'https://example.org' }).end()],
  ])('%s', async (_, answer) => {
    expect(await ask(answer, 'list')).toMatchObject({
      code: 1,
      err: expect.stringContaining('something else answers'),
    });
  });

  it('refuses in a form of its own', async () => {
    const answer: RequestListener = (_, reply) => reply.writeHead(500).end('{"violations":5}');
    expect(await ask(answer, 'list')).toMatchObject({ code: 1, err: 'The server answered 500.' });
  });
});

describe('what is asked wrongly', () => {
  const env = { SLUICE_URL: 'http://127.0.0.1:9', SLUICE_TOKEN: 't' };

  it.each([
    ['an id that is empty', ['cancel', '']],
    ['an id that a URL would swallow', ['show', '..']],
    ['a node that is empty', ['retry', ID, '--node', '']],
    ['a visit of no node', ['retry', ID, '--visit', '2']],
    ['an identity that no header carries', ['start', 'order', '--receipt', 'é']],
    ['an identity of a message', ['message', 'a.b', '--id', 'a b']],
    ['a duration without end', ['delays', 'move', ID, 'pay', '--for', '99999999999d']],
    ['an override without end', ['override', 'set', '--reason', 'r', '--hold', '--for', '999999999w']],
    ['a change of nothing', ['plays', 'change', 'gift-1', '--reason', 'none']],
    ['a bound by something, and no bound', ['plays', 'create', 'gift-1', '--flow', 'gift', '--by', 'input.uid']],
    ['a name that is taken', ['token', 'admin', '--role', 'viewer']],
    ['a name that nobody sees', ['token', ' \u200b', '--role', 'viewer']],
    ['a token without end', ['token', 'Zoë', '--role', 'viewer', '--until', '2027-01-01']],
    ['a group without a name', ['token', 'Zoë', '--role', 'viewer', '--group', '']],
  ])('%s', async (_, args) => {
    const { code, out, err } = await call(args, { env, cwd });
    expect({ code, out, err }).toMatchObject({
      code: 2,
      out: '',
      err: expect.stringMatching(/^Expected .+, but .+\.?/),
    });
    expect(err).not.toContain('none answers');
  });

  it('a token that no header carries', async () => {
    const { code, err } = await call(['list'], { env: { ...env, SLUICE_TOKEN: 'a\nb' }, cwd });
    expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('visible ASCII') });
  });

  it('a file that cannot be written', async () => {
    writeFileSync(join(cwd, 'gift.flow.yaml'), FLOW);
    const { code, err } = await call(['types', '.', '--out', 'no/such/folder.ts'], { cwd });
    expect(code).toBe(2);
    expect(err).toMatch(/^Expected .*no\/such\/folder\.ts to be usable, but .*ENOENT/);
    const watched = await call(['test', 'nowhere', '--watch'], { cwd });
    expect(watched).toMatchObject({ code: 2, err: expect.stringMatching(/there is none\.\nExpected .*nowhere/) });
  });
});

describe('sluice validate', () => {
  it('waits for no pipe, and publishes no bytes that are no text', async () => {
    mkdirSync(join(cwd, 'pipes'));
    writeFileSync(join(cwd, 'pipes/gift.flow.yaml'), FLOW);
    execFileSync('mkfifo', [join(cwd, 'pipes/wait.flow.yaml')]);
    expect((await call(['validate', 'pipes'], { cwd })).code).toBe(0);
    writeFileSync(join(cwd, 'latin.flow.yaml'), Buffer.concat([Buffer.from(FLOW), Buffer.from([0x23, 0xe9])]));
    const env = { SLUICE_URL: 'http://127.0.0.1:9', SLUICE_TOKEN: 't' };
    const told = await call(['definitions', 'publish', 'latin.flow.yaml'], { cwd, env });
    expect(told).toMatchObject({ code: 2, err: 'Expected a definition at latin.flow.yaml, but it is no UTF-8.' });
    rmSync(join(cwd, 'latin.flow.yaml'));
  });

  it('finds what only compiling a schema shows, and so does sluice run', async () => {
    mkdirSync(join(cwd, 'schema'));
    writeFileSync(join(cwd, 'schema/a.flow.yaml'), `input: { type: object, minProperties: x }\n${FLOW}`);
    expect(await call(['validate', 'schema', '--format', 'plain'], { cwd })).toMatchObject({
      code: 1,
      out: expect.stringContaining('a.flow.yaml:1:1: BAD_INPUT_SCHEMA'),
    });
    expect(await call(['run', 'schema/a.flow.yaml'], { cwd })).toMatchObject({
      code: 1,
      err: expect.stringContaining('BAD_INPUT_SCHEMA'),
    });
  });

  it('reads rules of the router and tests of flows as what they are', async () => {
    mkdirSync(join(cwd, 'more'));
    writeFileSync(join(cwd, 'more/a.flow.yaml'), FLOW);
    writeFileSync(join(cwd, 'more/a.routing.yaml'), 'rules: [{ code: a, lane: fsat, reason: r }]\n');
    writeFileSync(join(cwd, 'more/a.flow.test.yaml'), 'cases: { one: { expect: { outcom: done } } }\n');
    const { code, out } = await call(['validate', 'more', '--format', 'plain'], { cwd });
    expect({ code, out: out.split('\n').map((line) => line.split(' ').slice(0, 2).join(' ')) }).toEqual({
      code: 1,
      out: expect.arrayContaining(['more/a.routing.yaml:1:26: BAD_LANE', 'more/a.flow.test.yaml:1:27: UNKNOWN_KEY']),
    });
    expect(out.split('\n')).toHaveLength(2);
  });
});

describe('a play that is changed', () => {
  let server: TestServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    const folder = join(cwd, 'served');
    mkdirSync(folder);
    writeFileSync(join(folder, 'gift.flow.yaml'), `play: { type: object }\n${FLOW}`);
    server = await serveForTest({ SLUICE_DEFINITIONS: folder });
    env = { SLUICE_URL: server.url, SLUICE_TOKEN: new URL(server.link).hash.replace('#token=', '') };
  });
  afterAll(() => server.stop());
  const plays = (...args: string[]) => call(['plays', ...args], { env, cwd });
  const shown = async () => JSON.parse((await plays('show', 'gift-1', '--json')).out);

  it('keeps the half of a window and of a quota that was not named', async () => {
    const from = '2026-10-01T00:00:00.000Z';
    const to = '2027-01-01T00:00:00.000Z';
    expect((await plays('create', 'gift-1', '--flow', 'gift', '--from', from)).code).toBe(0);
    await plays('change', 'gift-1', '--to', to);
    await plays('change', 'gift-1', '--max', '5', '--by', 'input.uid');
    await plays('change', 'gift-1', '--max', '6');
    expect(await shown()).toMatchObject({ window: { from, to }, quota: { max: 6, by: 'input.uid' }, revision: 4 });
    await plays('change', 'gift-1', '--from', '');
    await plays('change', 'gift-1', '--by', '');
    expect(await shown()).toMatchObject({ window: { from: null, to }, quota: { max: 6, by: null } });
    await plays('change', 'gift-1', '--max', '');
    expect(await plays('change', 'gift-1', '--by', 'input.uid')).toMatchObject({ code: 2 });
    expect((await plays('show', 'gift-1')).out).toMatch(/^play +gift-1\n/);
  });
});

it('an address that is none', async () => {
  const { code, err } = await call(['list'], { env: { SLUICE_URL: 'http://[::1', SLUICE_TOKEN: 't' }, cwd });
  expect({ code, err }).toMatchObject({ code: 2, err: expect.stringContaining('to look like http://') });
});
