import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOW, World } from '../support/world.js';

const RULES = `rules:
  - code: reports
    match: { tag: report }
    lane: retry
    reason: they may wait
  - { code: again, match: { tag: report, attemptFrom: 2 }, lane: slow, reason: shadowed }
`;
const iso = (ms: number): string => new Date(ms).toISOString();
const HOUR_MS = 3_600_000;

describe('overrides over HTTP', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());
  const set = async (body: object) => {
    const answer = await world.post('/api/routing/overrides', { reason: 'bank C is down', ...body });
    return { status: answer.statusCode, body: answer.json() };
  };
  const list = async () => (await world.get('/api/routing/overrides')).json();

  it('are in force at once, for an hour unless it is said', async () => {
    const { status, body } = await set({ code: 'hold-c', match: { dims: { bank: 'C' }, attemptTo: 2 }, hold: true });
    expect([status, body]).toEqual([
      201,
      {
        code: 'hold-c',
        match: { dims: { bank: 'C' }, attemptTo: 2 },
        lane: null,
        hold: true,
        ignoreCircuit: false,
        circuit: null,
        freeze: false,
        until: iso(NOW + HOUR_MS),
        reason: 'bank C is down',
        hits: 0,
        origin: 'http',
        by: 'admin',
        at: iso(NOW),
      },
    ]);
    expect(await list()).toEqual([body]);
    expect(world.router.snapshot.overrides).toMatchObject([{ code: 'hold-c', hold: true }]);
    expect((await world.get('/api/routing/rules')).json().overrides).toEqual([body]);
  });

  it('pin, open, close, ignore and freeze', async () => {
    await set({ code: 'pin', lane: 'slow', match: { flow: 'order' } });
    await set({ code: 'open', circuit: 'open', match: { subject: 'card.charge[bank=south]' } });
    await set({ code: 'close', circuit: 'closed', match: { handler: 'card.charge' } });
    await set({ code: 'ignore', ignoreCircuit: true, match: { tag: 'vip' }, until: iso(NOW + 24 * HOUR_MS) });
    await set({ code: 'freeze', freeze: true, match: { subject: 'card.charge' } });
    expect(world.router.snapshot.overrides).toMatchObject([
      { code: 'pin', lane: 'slow', match: { flow: 'order' } },
      { code: 'open', circuit: 'open', match: { subject: 'card.charge[bank=south]' } },
      { code: 'close', circuit: 'closed' },
      { code: 'ignore', ignoreCircuit: true },
      { code: 'freeze', freeze: true },
    ]);
    expect([...(world.router.snapshot.frozen?.keys() ?? [])]).toEqual(['card.charge']);
  });

  it('freeze what was known then, whatever comes after', async () => {
    const see = (verdict: 'ok' | 'failed', times: number): void => {
      for (let at = 0; at < times; at++)
        world.health.observe('card.charge', { verdict, durationMs: 9, probe: false }, NOW);
    };
    see('ok', 3);
    await set({ freeze: true, match: { subject: 'card.charge' } });
    see('failed', 9);
    expect(world.health.subjects.get('card.charge')?.circuit.state).toBe('open');
    await set({ code: 'another', lane: 'slow' });
    expect(world.router.snapshot.frozen?.get('card.charge')?.circuit.state).toBe('closed');
    const message = { flow: 'order', node: 'charge', handler: 'card.charge', subject: 'card.charge', tags: [] };
    const asked = { ...message, kind: 'task', cause: 'entered', attempt: 1, delayMs: 0, id: 'i', polls: 0 } as const;
    expect(world.router.admit('card.charge', () => asked)).toEqual({ subject: 'card.charge', probe: false });
    const [{ code }] = await list();
    await world.post(`/api/routing/overrides/${code}/remove`, {});
    expect(world.router.admit('card.charge', () => asked)).toBeNull();
  });

  it('end when they are ended, and the log says who, when and why', async () => {
    const { body } = await set({ hold: true });
    expect(body.code).toMatch(/^o-[0-9a-f]{8}$/);
    const path = `/api/routing/overrides/${body.code}/remove`;
    expect((await world.post(path, { reason: 'it is back' })).json()).toEqual({ id: body.code });
    expect(await list()).toEqual([]);
    expect(world.router.snapshot.overrides).toEqual([]);
    expect((await world.get('/api/routing/changes?limit=1')).json()).toMatchObject({
      items: [{ id: 2, kind: 'override.removed', ref: body.code, by: 'admin', reason: 'it is back', at: iso(NOW) }],
      next: '2',
    });
    const again = await world.post(path, {});
    expect([again.statusCode, again.json().code]).toEqual([404, 'UNKNOWN_OVERRIDE']);
  });

  it('of files are shown, and are ended in their file', async () => {
    const match = { flow: null, node: null, handler: null, tag: null, dims: {}, attemptFrom: 1, attemptTo: 9 };
    const override = { code: 'f', match, lane: null, hold: true, ignoreCircuit: false, until: NOW + 1, reason: 'r' };
    const over = { ...override, code: 'over', until: NOW };
    world.inForce.files({ rules: [], overrides: [override, over], version: 'x' });
    expect(await list()).toMatchObject([{ code: 'f', origin: 'file', by: null, at: null }]);
    const answer = await world.post('/api/routing/overrides/f/remove', {});
    expect(answer.json()).toMatchObject({ status: 404, detail: expect.stringContaining('it stands in a file') });
  });

  it.each([
    ['an end that is over', { hold: true, until: iso(NOW) }, '/until'],
    ['an end too far away', { hold: true, until: iso(NOW + 24 * HOUR_MS + 1) }, '/until'],
    ['an end without a zone', { hold: true, until: '2026-12-01T10:00:00' }, '/until'],
    ['no reason', { hold: true, reason: undefined }, '/reason'],
    ['nothing to do', {}, ''],
    ['a lane that cannot be called so', { lane: 'Express' }, ''],
    ['the lane of circuits', { lane: 'probe' }, ''],
    ['freezing nobody', { freeze: true, match: { flow: 'order' } }, ''],
    ['attempts that end before they start', { hold: true, match: { attemptFrom: 3, attemptTo: 2 } }, ''],
    ['opening what is ignored', { circuit: 'open', ignoreCircuit: true }, ''],
    ['a code with a space', { hold: true, code: 'a b' }, '/code'],
    ['what is not asked for', { hold: true, priority: 9 }, ''],
  ])('refuse %s, and change nothing', async (_, body, pointer) => {
    const answer = await set(body);
    expect([answer.status, answer.body.violations[0].pointer]).toEqual([422, pointer]);
    expect([world.orders.log, world.router.snapshot.overrides]).toEqual([[], []]);
  });
});

describe('rules over HTTP', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());
  const publish = (payload: unknown, type = 'application/yaml') =>
    world.app.inject({
      method: 'POST',
      url: '/api/routing/rules',
      headers: { authorization: 'Bearer a-token-for-the-tests', host: 'localhost', 'content-type': type },
      payload: payload as string,
    });
  const inForce = () => world.router.snapshot.rules.map(({ code }) => code);

  it('are in force at once, in versions; a rule that decides nothing is told', async () => {
    const answer = await publish(RULES);
    expect([answer.statusCode, answer.json()]).toEqual([
      201,
      {
        version: 1,
        rules: 2,
        problems: [expect.objectContaining({ code: 'NEVER_TAKEN', line: 6, severity: 'warning' })],
      },
    ]);
    expect(inForce()).toEqual(['reports', 'again']);
    expect((await publish(RULES)).statusCode).toBe(200);
    expect((await publish({ source: 'rules: []\n', note: 'none' }, 'application/json')).json()).toMatchObject({
      version: 2,
      rules: 0,
    });
    const list = (await world.get('/api/routing/rules')).json();
    expect(list).toMatchObject({ version: 'v2', published: { version: 2, note: 'none', by: 'admin' }, rules: [] });
  });

  it('can be brought back', async () => {
    await publish(RULES);
    await publish('rules: []\n');
    const path = '/api/routing/rules/versions';
    expect((await world.post(`${path}/1/restore`, { reason: 'too early' })).json()).toMatchObject({
      version: 3,
      rules: 2,
    });
    expect(inForce()).toEqual(['reports', 'again']);
    const { items } = (await world.get(path)).json();
    expect(items.map(({ version, restores, note }: Record<string, unknown>) => [version, restores, note])).toEqual([
      [3, 1, 'too early'],
      [2, null, null],
      [1, null, null],
    ]);
    expect((await world.get(`${path}/1`)).json()).toMatchObject({ version: 1, source: RULES });
    expect((await world.get(`${path}/9`)).json()).toMatchObject({ status: 404, code: 'UNKNOWN_RULES' });
    expect((await world.post(`${path}/9/restore`, {})).statusCode).toBe(404);
    const changes = (await world.get('/api/routing/changes')).json().items;
    expect(changes.map(({ kind, ref }: Record<string, unknown>) => `${kind} ${ref}`)).toEqual([
      'rules.restored 3',
      'rules.published 2',
      'rules.published 1',
    ]);
  });

  it.each([
    ['a lane that cannot be called so', RULES.replace('retry', 'Express'), 'BAD_LANE', 4],
    ['an override among them', `${RULES}overrides: []\n`, 'UNKNOWN_KEY', 7],
    ['no rules at all', 'soon', 'NOT_A_MAPPING', 1],
    ['10,000 rules', `rules:\n${'  - { code: a, lane: slow, reason: r }\n'.repeat(10_000)}`, 'FILE_TOO_LARGE', 1],
  ])('with %s are refused at its place, and what was in force stays', async (_, text, code, line) => {
    await publish(RULES);
    const answer = await publish(text);
    expect([answer.statusCode, answer.json().code]).toEqual([422, 'INVALID_RULES']);
    expect(answer.json().problems).toContainEqual(expect.objectContaining({ code, line, severity: 'error' }));
    expect(inForce()).toEqual(['reports', 'again']);
    expect(world.orders.published).toHaveLength(1);
  });

  it('of files stand behind them', async () => {
    const match = { flow: null, node: null, handler: null, tag: null, dims: {}, attemptFrom: 1, attemptTo: 9 };
    const rule = (code: string) => ({ code, match, lane: 'slow' as const, minDelayMs: 0, reason: 'r' });
    world.inForce.files({ rules: [rule('reports'), rule('old')], overrides: [], version: 'x' });
    await publish(RULES);
    const { rules } = (await world.get('/api/routing/rules')).json();
    expect(rules.map(({ code, origin }: Record<string, unknown>) => `${code} ${origin}`)).toEqual([
      'reports http',
      'again http',
      'old file',
    ]);
  });
});
