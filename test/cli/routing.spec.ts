import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOW, TOKEN, World } from '../console/support/world.js';
import { call } from './support/call.js';

describe('commands for what people tell the router', () => {
  let world: World;
  let cwd: string;
  beforeEach(async () => {
    world = await World.open();
    await world.app.listen(0, '127.0.0.1');
    cwd = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
  });
  afterEach(async () => {
    await world.app.close();
    await rm(cwd, { recursive: true });
  });
  const ask = async (...args: string[]) => {
    const env = { SLUICE_URL: (await world.app.getUrl()).replace(/\/$/, ''), SLUICE_TOKEN: TOKEN };
    return call(args, { env, cwd });
  };
  const until = (ms: number): string => new Date(NOW + ms).toISOString();

  it('sets, lists and ends overrides', async () => {
    const says = ['--dim', 'bank=a=b', '--circuit', 'open', '--until', until(7_200_000)];
    const set = await ask('override', 'set', '--code', 'down', '--reason', 'it is\u001b[2J down', ...says);
    expect(set).toEqual({
      code: 0,
      out: 'down',
      err: 'In force until 1970-01-01 02:16:40. End it with: sluice override remove down',
    });
    expect(world.router.snapshot.overrides).toMatchObject([
      { code: 'down', circuit: 'open', until: NOW + 7_200_000, match: { dims: { bank: 'a=b' } } },
    ]);
    const { out } = await ask('override');
    expect(out).toMatch(/^CODE +FOR +SAYS +UNTIL +BY +HITS +REASON\ndown +\{"dims":\{"bank":"a=b"\}\} +circuit open +/);
    expect(out).toContain('it is\ufffd[2J down');
    expect(JSON.parse((await ask('override', 'list', '--json')).out)).toMatchObject([{ code: 'down' }]);
    expect((await ask('override', 'remove', 'down', '--reason', 'up')).code).toBe(0);
    expect((await ask('override')).err).toBe('There are none.');
    expect((await ask('override', 'remove', 'down')).code).toBe(1);
  });

  it('refuses what makes no sense, and says what', async () => {
    const set = (...args: string[]) => ask('override', 'set', ...args);
    expect((await set('--hold')).code).toBe(2);
    expect((await set('--reason', 'r', '--hold', '--for', 'soon')).err).toMatch(/^Expected --for to be a duration/);
    expect((await set('--reason', 'r', '--hold', '--for', '1h', '--until', until(1))).code).toBe(2);
    expect((await set('--reason', 'r', '--hold', '--dim', 'bank')).err).toMatch(/^Expected --dim to be name=value/);
    expect(await set('--reason', 'r')).toMatchObject({ code: 1, err: expect.stringContaining('but there is none') });
    expect(world.orders.log).toEqual([]);
  });

  it('lists groups of engines, and says when there are none', async () => {
    expect(await ask('groups')).toEqual({
      code: 0,
      out: '',
      err: 'There are no groups: the engine that answers is alone.',
    });
    const reports = [
      { name: 'mail', up: 0, upUntil: NOW, handlers: ['mail.send'] },
      { name: 'pay', up: 2, upUntil: NOW + 9_000, handlers: ['pay.charge', 'pay.refund'] },
    ];
    Object.assign(world.lanes, { groups: { group: 'pay', fresh: async () => reports } });
    const { out } = await ask('groups');
    expect(out).toMatch(
      /^GROUP +ENGINES +UP +READY +OLDEST +HANDLERS\nmail +0 +until .+ +0 +- +mail\.send\npay \* +2 +yes /,
    );
    expect(JSON.parse((await ask('groups', '--json')).out)).toMatchObject([{ group: 'mail', up: 0 }, { own: true }]);
  });

  it('publishes rules, tells their problems, and brings earlier ones back', async () => {
    const file = join(cwd, 'r.yaml');
    await writeFile(file, 'rules:\n  - { code: a, lane: slow, reason: r }\n  - { code: b, lane: retry, reason: r }\n');
    const published = await ask('rules', 'publish', 'r.yaml', '--note', 'first');
    expect([published.code, published.out]).toEqual([0, 'v1']);
    expect(published.err).toMatch(/^r\.yaml:3:13: NEVER_TAKEN Expected .*\n2 rules are in force\.$/);
    await writeFile(file, 'rules:\n  - { code: a, lane: Express, reason: r }\n');
    const refused = await ask('rules', 'publish', 'r.yaml');
    expect([refused.code, refused.err]).toEqual([1, expect.stringMatching(/^r\.yaml:2:22: BAD_LANE /)]);
    await writeFile(file, 'rules: []\n');
    expect((await ask('rules', 'publish', 'r.yaml')).out).toBe('v2');
    expect((await ask('rules')).err).toBe('There are none.');
    expect((await ask('rules', 'restore', '1', '--reason', 'too early')).out).toBe('v3');
    expect((await ask('rules', 'list')).out).toMatch(/\na +everything +slow +- +http +never +r\nb +everything +retry/);
    expect((await ask('rules', 'versions')).out).toMatch(/\n3 +1970-01-01 00:16:40 +admin +restores 1: too early\n2 /);
    expect((await ask('rules', 'show', '2')).out).toBe('rules: []');
    expect((await ask('rules', 'log', '--limit', '1')).out).toMatch(
      /\n3 +1970.* admin +rules\.restored +3 +too early$/,
    );
    expect((await ask('rules', 'publish', 'none.yaml')).code).toBe(2);
    expect((await ask('rules', 'show', '9')).code).toBe(1);
  });
});
