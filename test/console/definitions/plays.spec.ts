import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PlayPage, PlayRevisionPage, PlayRow, PlayView } from '../../../src/console/definitions/plays/play-views.js';
import { InstancePage, InstanceView } from '../../../src/console/views.js';
import { call } from '../../cli/support/call.js';
import { eventually, serveForTest, type TestServer } from '../../support/engine/served.js';

const FLOW = `flow: coupon
play: { type: object, required: [reward], properties: { reward: { type: number } } }
input: { type: object, required: [uid], properties: { uid: { type: string } } }
nodes: { begin: { start: true }, give: { set: { reward: play.reward } }, done: { end: given } }
edges: [begin -> give -> done]
`;
const OCTOBER = {
  code: 'october',
  flow: 'coupon',
  title: 'October',
  params: { reward: 5 },
  window: { from: '2020-10-01T00:00:00+08:00' },
  audience: 'input.uid != "robot"',
  quota: { max: 1, by: 'input.uid' },
};

describe('plays', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-plays-'));
  let server: TestServer;
  let env: Record<string, string>;
  beforeAll(async () => {
    writeFileSync(join(folder, 'coupon.flow.yaml'), FLOW);
    server = await serveForTest({ SLUICE_DEFINITIONS: folder });
    env = { SLUICE_URL: server.url, SLUICE_TOKEN: new URL(server.link).hash.replace('#token=', '') };
    await eventually(
      () => server.ask('GET', '/health/ready'),
      ({ status }) => status === 200,
    );
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true });
  });
  const cli = (...args: string[]) => call(args, { env, cwd: folder });

  it('are created, started, changed, paused, ended and looked up over HTTP, by whom and why', async () => {
    const created = await server.ask('POST', '/api/plays', { ...OCTOBER, reason: 'Autumn' });
    expect(created.status).toBe(201);
    expect(PlayRow.parse(created.body)).toMatchObject({
      state: 'live',
      revision: 1,
      window: { from: '2020-09-30T16:00:00.000Z', to: null },
      quota: { max: 1, by: 'input.uid' },
      what: 'created',
      reason: 'Autumn',
    });
    expect((await server.ask('POST', '/api/plays', OCTOBER)).status).toBe(409);

    const start = (uid: string, key = uid) =>
      server.ask('POST', '/api/plays/october/start', { input: { uid } }, { 'idempotency-key': key });
    const first = await start('ann');
    expect([first.status, first.body.flow]).toEqual([201, 'coupon']);
    expect((await start('ann')).status).toBe(200);
    expect((await start('ann', 'again')).body).toMatchObject({ status: 409, code: 'PLAY_USED_UP' });
    expect((await start('robot')).body).toMatchObject({ status: 409, code: 'NOT_IN_AUDIENCE' });
    const begun = await server.ask('POST', '/api/instances', { flow: 'coupon', input: { uid: 'eve' } });
    expect(begun.body).toMatchObject({ status: 422, code: 'NO_PLAY' });

    const changed = await server.ask('POST', '/api/plays/october/change', { params: { reward: 9 }, revision: 1 });
    expect(changed.body).toMatchObject({ revision: 2, params: { reward: 9 }, audience: OCTOBER.audience });
    const late = await server.ask('POST', '/api/plays/october/change', { params: { reward: 1 }, revision: 1 });
    expect(late.body).toMatchObject({ status: 409, code: 'PLAY_CHANGED' });
    const second = await start('bob');
    const seen = async (id: string) => InstanceView.parse((await server.ask('GET', `/api/instances/${id}`)).body);
    expect(await seen(first.body.id)).toMatchObject({
      play: { code: 'october', revision: 1, params: { reward: 5 } },
      input: { uid: 'ann' },
      vars: { reward: 5 },
    });
    expect(await seen(second.body.id)).toMatchObject({ play: { revision: 2 }, vars: { reward: 9 } });
    expect((await seen(first.body.id)).input).not.toHaveProperty('$play');

    for (const [verb, state] of [
      ['pause', 'paused'],
      ['resume', 'live'],
      ['end', 'ended'],
    ])
      expect((await server.ask('POST', `/api/plays/october/${verb}`, {})).body).toMatchObject({ state });
    expect((await server.ask('POST', '/api/plays/october/resume', {})).body).toMatchObject({ status: 409 });
    expect((await start('cid')).body).toMatchObject({ status: 409, code: 'PLAY_ENDED' });

    const shown = await eventually(
      async () => PlayView.parse((await server.ask('GET', '/api/plays/october')).body),
      ({ counts }) => counts.passed === 2,
    );
    expect(shown).toMatchObject({
      state: 'ended',
      revision: 5,
      instances: { completed: 2 },
      schema: { required: ['reward'] },
    });
    expect(shown.counts).toEqual({ started: 2, duplicate: 1, passed: 2, over: 1, failed: 0 });
    const revisions = PlayRevisionPage.parse((await server.ask('GET', '/api/plays/october/revisions?limit=2')).body);
    expect(revisions.items.map(({ what, by }) => [what, by])).toEqual([
      ['ended', expect.any(String)],
      ['resumed', expect.any(String)],
    ]);
    expect(revisions.next).not.toBeNull();
    const page = InstancePage.parse((await server.ask('GET', '/api/instances?play=october')).body);
    expect(page.items.map(({ id }) => id).sort()).toEqual([first.body.id, second.body.id].sort());
    expect(PlayPage.parse((await server.ask('GET', '/api/plays?state=live')).body).items).toEqual([]);
  });

  it('are refused with everything that is wrong with them', async () => {
    const bad = { ...OCTOBER, code: 'bad', params: { reward: 'a' }, audience: 'play.rewrad' };
    const refused = await server.ask('POST', '/api/plays', bad);
    expect(refused.body).toMatchObject({
      status: 422,
      code: 'INVALID_PLAY',
      violations: [{ pointer: '/params/reward' }, { pointer: '/audience' }],
    });
    expect((await server.ask('POST', '/api/plays', { ...OCTOBER, code: 'b', flow: 'nowhere' })).status).toBe(404);
    expect((await server.ask('POST', '/api/plays', { ...OCTOBER, code: 'Bad' })).status).toBe(422);
    for (const path of ['/api/plays/nobody', '/api/plays/nobody/revisions']) {
      expect((await server.ask('GET', path)).body).toMatchObject({ status: 404, code: 'UNKNOWN_PLAY' });
    }
    expect((await server.ask('POST', '/api/plays/nobody/pause', {})).status).toBe(404);
    expect((await server.ask('POST', '/api/plays/nobody/start', { input: { uid: 'u' } })).status).toBe(404);
  });

  it('are the same on the command line', async () => {
    const created = await cli(
      'plays',
      'create',
      'spring',
      '--flow',
      'coupon',
      '--params',
      '{"reward":3}',
      '--max',
      '10',
    );
    expect(created).toMatchObject({ code: 0, err: 'spring is live, in revision 1.' });
    const { out: id } = await cli('plays', 'start', 'spring', '-i', '{"uid":"u"}');
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect((await cli('list', '--play', 'spring')).out).toContain(id);
    const changed = await cli(
      'plays',
      'change',
      'spring',
      '--params',
      '{"reward":4}',
      '--max',
      '',
      '--reason',
      'Less snow',
    );
    expect(changed.err).toBe('spring is live, in revision 2.');
    expect((await cli('plays', 'change', 'spring', '--title', 'A', '--revision', '1')).code).toBe(1);
    expect((await cli('plays', 'pause', 'spring')).err).toBe('spring is paused, in revision 3.');
    const shown = (await cli('plays', 'show', 'spring')).out;
    expect(shown).toMatch(/state +paused, revision 3: paused by /);
    expect(shown).toMatch(/params +\{"reward":4\}/);
    expect(shown).toMatch(/quota +none/);
    expect(shown).toMatch(/started +1 completed/);
    expect((await cli('plays', 'revisions', 'spring')).out).toMatch(/2 +changed +\S+ .*\{"reward":4\} +Less snow/);
    expect((await cli('plays', 'list', '--flow', 'coupon')).out).toMatch(/spring +coupon +paused +3/);
    const run = await cli('run', 'coupon.flow.yaml', '-i', '{"uid":"u"}', '--play', '{"reward":7}', '--json');
    expect(JSON.parse(run.out)).toMatchObject({ status: 'completed', vars: { reward: 7 } });
    expect((await cli('run', 'coupon.flow.yaml', '-i', '{"uid":"u"}')).err).toContain('to be started by a play');
  });
});
