import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Access } from '../../../src/console/access/access.js';
import { readPeople } from '../../../src/console/access/read-people.js';
import { OPERATIONS } from '../../../src/console/openapi/operations.js';
import { anInstance, ID, TOKEN, World } from '../support/world.js';

const PEOPLE = {
  vera: { roles: ['viewer'] },
  otto: { roles: ['operator'], groups: ['credit desk'] },
  dora: { roles: ['deployer'] },
  eve: { roles: ['admin'], until: '2026-01-01T00:00:00Z' },
};
const tokenOf = (name: string): string => `a-token-of-${name}-alone`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
const listed = Object.entries(PEOPLE).map(([name, more]) => ({ name, sha256: sha256(tokenOf(name)), ...more }));

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-people-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function written(text: unknown): string {
  const file = join(folder, 'people.json');
  writeFileSync(file, typeof text === 'string' ? text : JSON.stringify(text));
  return file;
}

describe('the file of people', () => {
  it.each<[unknown, RegExp]>([
    ['{', /Expected SLUICE_PEOPLE to name a JSON file, but .*people\.json is none\./],
    [{ people: [{ name: 'a', roles: ['king'], sha256: 'x' }] }, /people\.0\.roles\.0: .*people\.0\.sha256: expected/s],
    [{ people: [{ name: 'a', roles: [], sha256: sha256('x') }] }, /people\.0\.roles: /],
    [{ people: [...listed, listed[0]] }, /the name 'vera' is taken/],
    [{ people: [{ ...listed[0], name: 'admin' }] }, /the name 'admin' is taken/],
    [{ people: [{ ...listed[0], token: 'plain' }] }, /people\.0: .*token/],
  ])('refuses %j with what is wrong', (text, sentence) => {
    expect(() => readPeople(written(text))).toThrow(sentence);
    expect(() => readPeople(join(folder, 'missing.json'))).toThrow(/cannot be read \(ENOENT\)/);
  });

  it('lets a token end', () => {
    let now = Date.parse('2025-12-31T23:59:59Z');
    const access = new Access(TOKEN, readPeople(written({ people: listed })), { elapsed: () => 0, now: () => now });
    const judged = () => access.judge(`Bearer ${tokenOf('eve')}`, '10.0.0.1').type;
    expect(judged()).toBe('granted');
    now += 1_000;
    expect(judged()).toBe('ended');
  });
});

describe('people over HTTP', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open({ SLUICE_PEOPLE: written({ people: listed }) });
    world.views.put(anInstance({}));
  });
  afterAll(() => world.app.close());
  beforeEach(() => {
    world.audit.entries.length = 0;
  });

  const as = (name: string) => ({ authorization: `Bearer ${tokenOf(name)}`, host: 'localhost' });
  const post = (name: string, url: string, body: object = {}) => world.post(url, body, as(name));

  it('says who they are', async () => {
    expect((await world.get('/api/me', as('otto'))).json()).toMatchObject({
      name: 'otto',
      roles: ['operator'],
      groups: ['credit desk'],
    });
    expect((await world.get('/api/me', as('eve'))).json().detail).toContain('the time of this one is over');
    expect((await world.get('/api/me', as('nobody'))).statusCode).toBe(401);
  });

  it('H2: every route that changes something needs more than looking, and says what', async () => {
    const writes = OPERATIONS.filter(({ method }) => method === 'post');
    const open = new Set(['checkDefinition', 'completeTask', 'explainRoute', 'replayRoutes']);
    expect(writes.length).toBeGreaterThan(15);
    for (const { path, id } of writes) {
      const answer = await post('vera', path.replace(/\{id\}/, ID).replaceAll(/\{\w+\}/g, 'a'));
      expect([id, answer.statusCode === 403]).toEqual([id, !open.has(id)]);
      if (answer.statusCode !== 403) continue;
      expect(answer.json()).toMatchObject({ code: 'FORBIDDEN' });
      expect(answer.json().detail).toMatch(
        /^Expected somebody with the role (operator|deployer), but vera has viewer\. Ask somebody who has it\.$/,
      );
      expect(world.audit.entries[0]).toMatchObject({ who: 'vera', action: id, status: 403 });
    }
  });

  it.each([
    ['otto', `/api/instances/${ID}/cancel`, 202],
    ['dora', `/api/instances/${ID}/cancel`, 403],
    ['otto', '/api/definitions/order/activate', 403],
    ['dora', '/api/definitions/order/activate', 404],
    ['otto', '/api/routing/rules', 403],
    ['otto', '/api/routing/overrides', 422],
  ])('%s asks %s and is answered %i', async (name, url, status) => {
    const body = url.endsWith('activate') ? { version: 9 } : {};
    expect((await post(name, url, body)).statusCode).toBe(status);
  });

  it('H7: nobody takes the event streams of others', async () => {
    await world.app.listen(0, '127.0.0.1');
    const url = `${(await world.app.getUrl()).replace(/\/$/, '')}/api/events?topics=instances`;
    const ends = new AbortController();
    const open = async (name: string): Promise<number> => {
      const { authorization } = as(name);
      return (await fetch(url, { headers: { authorization }, signal: ends.signal })).status;
    };
    for (let stream = 0; stream < 5; stream++) expect(await open('otto')).toBe(200);
    expect([await open('otto'), await open('vera')]).toEqual([503, 200]);
    ends.abort();
  });

  it('keeps who did what, to what, and what came of it, under the name of whoever has the token', async () => {
    await post('otto', `/api/instances/${ID}/retry`, { node: 'charge' });
    await post('dora', '/api/definitions/order/activate', { version: 1 });
    await post('dora', '/api/definitions/order/activate', { version: 9 });
    await world.post('/api/routing/overrides', { code: 'pin', lane: 'slow', reason: 'the bank asked' });
    await world.post('/api/routing/overrides/pin/remove', { reason: 'over' });
    const { items } = (await world.get('/api/audit')).json();
    const told = items.map(({ who, action, flow, instance, node, status, detail }: Record<string, unknown>) => {
      return [who, action, flow ?? instance ?? node, status, detail];
    });
    expect(told).toEqual([
      ['admin', 'removeOverride', null, 200, { code: 'pin', reason: 'over' }],
      ['admin', 'setOverride', null, 201, { code: 'pin', reason: 'the bank asked' }],
      ['dora', 'activateVersion', 'order', 404, { version: 9, refused: 'UNKNOWN_FLOW' }],
      ['dora', 'activateVersion', 'order', 200, { version: 1 }],
      ['otto', 'retryInstance', ID, 202, {}],
    ]);
    expect(items.at(-1)).toMatchObject({ node: 'charge', at: '1970-01-01T00:00:01.000Z' });
    expect(world.operations).toContainEqual(expect.objectContaining({ what: 'retry', by: 'otto' }));
    const ofFlow = (await world.get('/api/audit?flow=order&limit=1')).json();
    expect(ofFlow.items).toHaveLength(1);
  });

  it('keeps nothing of what changes nothing, and of starts, which are their own record', async () => {
    await world.get('/api/instances');
    await post('vera', '/api/routing/explain', { flow: 'order' });
    await post('dora', '/api/definitions/order/migrate', { to: 1 });
    await post('otto', '/api/instances', { flow: 'order', input: { id: 'a' } });
    await world.post('/api/messages', { name: 'a' });
    await world.post('/api/repair/republish', {}, { authorization: 'Bearer wrong' });
    expect(world.audit.entries).toEqual([]);
  });

  it('answers although the audit cannot be written, and says so in the log', async () => {
    world.audit.away = true;
    expect((await post('otto', `/api/instances/${ID}/cancel`)).statusCode).toBe(202);
    world.audit.away = false;
    expect(JSON.stringify(world.log)).toContain('could not be written into the audit');
  });
});
