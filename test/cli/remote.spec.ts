import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { aNode, anInstance, ID, OTHER, TOKEN, World } from '../console/support/world.js';
import { call } from './support/call.js';

describe('commands that ask a server', () => {
  let world: World;
  let cwd: string;
  let env: Record<string, string>;

  beforeAll(async () => {
    cwd = mkdtempSync(join(tmpdir(), 'sluice-cli-'));
    world = await World.open();
    await world.app.listen(0, '127.0.0.1');
    env = { SLUICE_URL: (await world.app.getUrl()).replace(/\/$/, ''), SLUICE_TOKEN: TOKEN };
  });
  afterAll(async () => {
    await world.app.close();
    rmSync(cwd, { recursive: true });
  });
  beforeEach(() => {
    world.views.all.clear();
    world.starts.length = 0;
    world.operations.length = 0;
  });
  const ask = (...args: string[]) => call(args, { env, cwd });

  it('starts with an input from the line, a file, or the standard input', async () => {
    writeFileSync(join(cwd, 'in.json'), '{"id":"file"}');
    expect(await ask('start', 'order', '--input', '{"id":"line"}', '--key', '4711')).toEqual({
      code: 0,
      out: ID,
      err: '',
    });
    await ask('start', 'order', '-i', 'in.json', '--flow-version', '1');
    await call(['start', 'order', '-i', '-'], { env, cwd, stdin: '{"id":"stdin"}' });
    expect(world.starts.map(({ input, key, version }) => ({ input, key, version }))).toEqual([
      { input: { id: 'line' }, key: '4711', version: undefined },
      { input: { id: 'file' }, key: undefined, version: 1 },
      { input: { id: 'stdin' }, key: undefined, version: undefined },
    ]);
  });

  it('says that an instance was there before', async () => {
    await ask('start', 'order', '-i', '{"id":"a"}', '--receipt', 'r');
    const again = await ask('start', 'order', '-i', '{"id":"a"}', '--receipt', 'r');
    expect(again).toMatchObject({ code: 0, out: ID, err: expect.stringContaining('there before') });
  });

  it('tells a refusal with every violation, and exits with 1', async () => {
    const answer = await ask('start', 'order', '-i', '{}');
    expect(answer.code).toBe(1);
    expect(answer.err).toContain('Expected the input to fit.\n  /id: must be there');
  });

  it('lists as a table or JSON, page by page', async () => {
    world.views.put(anInstance());
    world.views.put(anInstance({ id: OTHER, key: 'evil\u001b[31m\u202e', status: 'completed', outcome: 'success' }));
    const { out, err } = await ask('list', '--limit', '1');
    expect(out.split('\n')[0]).toMatch(/^ID +FLOW +KEY +STATUS +STARTED$/);
    expect(out).toMatch(/order v1 +evil\ufffd\[31m\ufffd +completed \(success\) +1970-01-01 00:00:01/);
    const cursor = /--cursor (\S+)/.exec(err)?.[1] ?? '';
    const next = JSON.parse((await ask('list', '--limit', '1', '--cursor', cursor, '--json')).out);
    expect(next).toMatchObject({ items: [{ id: ID }], next: null });
    expect((await ask('list', '--flow', 'nothing')).err).toBe('There are none.');
  });

  it('shows where an instance is, what was tried, and why', async () => {
    const error = { code: 'TIMEOUT', message: 'slow\u001b[2J', permanent: false };
    const record = {
      node: 'charge',
      visit: 1,
      attempt: 1,
      poll: 0,
      how: 'failed',
      error,
      decision: 'retried in 5 s',
      lane: 'normal',
      at: 3_000,
    } as const;
    const nodes = [aNode({ node: 'begin', status: 'done', endedAt: 2_000 }), aNode({ attempt: 2, wakeAt: 60_000 })];
    world.views.put(anInstance(), nodes, { attempts: [record] });
    const { code, out } = await ask('show', ID);
    expect(code).toBe(0);
    expect(out.split('\n')).toEqual([
      `order v1  ${ID}`,
      '· running   key 4711   started 1970-01-01 00:00:01'.replace('·', '▶'),
      '├─ ✓ done  begin',
      '└─ ↻ retrying  charge ×2',
      '      attempt 1 failed TIMEOUT: slow\ufffd[2J → retried in 5 s',
      '      lane normal: attempt 1, no rule says otherwise',
      '      due 1970-01-01 00:01:00',
    ]);
    expect(JSON.parse((await ask('show', ID, '--json')).out)).toMatchObject({
      id: ID,
      nodes: [{ node: 'begin' }, { node: 'charge' }],
    });
  });

  it('retries and cancels, and passes on why not', async () => {
    world.views.put(anInstance());
    expect((await ask('retry', ID, '--node', 'charge', '--visit', '2')).code).toBe(0);
    expect((await ask('cancel', ID)).code).toBe(0);
    expect(world.operations).toEqual([
      { what: 'retry', instance: ID, only: { node: 'charge', visit: 2 }, by: 'admin' },
      { what: 'cancel', instance: ID, by: 'admin' },
    ]);
    world.views.put(anInstance({ endedAt: 5 }));
    expect(await ask('cancel', ID)).toMatchObject({ code: 1, err: 'Expected it to run.' });
    expect((await ask('retry', OTHER)).err).toContain('there is none');
    expect((await ask('retry', ID, '--visit', 'two')).code).toBe(2);
    expect((await ask('show', '../me')).code).toBe(1);
  });

  it('settles a participant by hand, and wants to know how', async () => {
    world.views.put(anInstance());
    const settle = ['settle', ID, 'charge', '--participant', 'prize', '--visit', '12'];
    expect((await ask(...settle, '--reason', 'paid out at the counter')).code).toBe(0);
    const command = { node: 'charge', participant: 'prize', visit: 12, reason: 'paid out at the counter' };
    expect(world.operations).toEqual([{ what: 'settle', instance: ID, by: 'admin', ...command }]);
    expect((await ask(...settle)).err).toContain('--reason');
    expect(world.operations).toHaveLength(1);
  });

  it('lists incidents and the quarantine', async () => {
    world.views.incidentRows.push({
      id: '1',
      instance: ID,
      flow: 'order',
      key: null,
      node: 'charge',
      visit: 1,
      code: 'EXHAUSTED',
      message: 'was\nthe last',
      raisedAt: 4_000,
    });
    const { out } = await ask('incidents');
    expect(out).toMatch(new RegExp(`${ID} +order +- +charge +EXHAUSTED +1970-01-01 00:00:04 +was the last`));
    expect((await ask('quarantine')).err).toBe('There are none.');
  });

  it('publishes a file, or tells its problems at their places', async () => {
    writeFileSync(join(cwd, 'new.flow.yaml'), 'flow: fresh\n');
    writeFileSync(join(cwd, 'bad.flow.yaml'), 'nothing\n');
    expect(await ask('definitions', 'publish', 'new.flow.yaml')).toEqual({ code: 0, out: 'fresh v1', err: '' });
    const bad = await ask('definitions', 'publish', 'bad.flow.yaml');
    expect(bad.code).toBe(1);
    expect(bad.err).toContain('bad.flow.yaml:1:1: YAML01 Expected flow');
    expect((await ask('definitions', 'publish', 'missing.flow.yaml')).code).toBe(2);
  });

  it('finds the server of its folder, and takes that token nowhere else', async () => {
    world.views.put(anInstance());
    const url = env['SLUICE_URL'] ?? '';
    writeFileSync(join(cwd, 'access.json'), JSON.stringify({ url, token: TOKEN }));
    expect((await call(['list'], { cwd, env: { SLUICE_DATA: '.' } })).out).toContain(ID);
    const elsewhere = await call(['list'], { cwd, env: { SLUICE_DATA: '.', SLUICE_URL: 'http://127.0.0.1:9' } });
    expect(elsewhere).toMatchObject({ code: 2, err: expect.stringContaining('SLUICE_TOKEN') });
  });

  it('says that no server answers, or that the token is wrong', async () => {
    const none = await call(['list'], { cwd, env: { SLUICE_URL: 'http://127.0.0.1:9', SLUICE_TOKEN: 'x' } });
    expect(none).toMatchObject({ code: 1, err: expect.stringContaining('none answers') });
    const wrong = await call(['list'], { cwd, env: { ...env, SLUICE_TOKEN: 'wrong' } });
    expect(wrong).toMatchObject({ code: 1, err: expect.stringContaining('Expected the token of this server') });
    expect((await call(['list'], { cwd, env: { SLUICE_URL: 'ftp://x', SLUICE_TOKEN: 'x' } })).code).toBe(2);
  });
});
