import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Receipt } from '../../../src/core/routing/receipt.js';
import type { KnowGroups } from '../../../src/engine/health/groups/know-groups.js';
import { call } from '../../cli/support/call.js';
import { aNode, anInstance, ID, NOW, OTHER, TOKEN, World } from '../support/world.js';

const receipt: Receipt = {
  subject: 'card.charge[bank=south]',
  code: 'circuit.open',
  rules: null,
  trace: [
    {
      stage: 'circuit',
      code: 'circuit.open',
      said: 'the circuit is open\u001b[2J',
      lane: 'probe',
      delayMs: 18_000,
      action: 'defer',
      won: ['lane', 'delay', 'action'],
    },
    { stage: 'default', code: 'default', said: 'attempt 1', lane: 'normal', won: [] },
  ],
};
const reason = 'probe: the circuit is open; looked at again in 18 s';
const WHY = `/api/instances/${ID}/nodes/charge/why`;

describe('routing', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());

  it('says why a node went to its lane, as it was decided then', async () => {
    world.views.put(anInstance(), [aNode({ lane: 'probe', reason, receipt })]);
    expect((await world.get(WHY)).json()).toEqual({
      instance: ID,
      node: 'charge',
      visit: 1,
      attempt: 1,
      lane: 'probe',
      reason,
      subject: 'card.charge[bank=south]',
      code: 'circuit.open',
      rules: null,
      opinions: [{ ...receipt.trace[0] }, { ...receipt.trace[1], delayMs: null, action: null }],
      asked: [],
    });
  });

  it('says what a gateway read of circuits, also on the command line', async () => {
    const asked = [
      { node: 'charge', subject: 'card.charge', open: true, said: 'the circuit of card.charge is open: down' },
      { node: 'other', subject: 'other.pay', open: false, said: null },
    ];
    const none = { subject: null, code: null, rules: null, trace: [] };
    world.views.put(anInstance(), [aNode({ lane: null, reason: null, receipt: { ...none, asked } })]);
    expect((await world.get(WHY)).json()).toMatchObject({ lane: null, subject: null, opinions: [], asked });
    await world.app.listen(0, '127.0.0.1');
    const env = { SLUICE_URL: (await world.app.getUrl()).replace(/\/$/, ''), SLUICE_TOKEN: TOKEN };
    const { out } = await call(['why', ID, 'charge'], { env, cwd: import.meta.dirname });
    expect(out.split('\n')).toEqual([
      'charge needs no message, so it went to no lane.',
      "circuit.open for 'charge' was true: the circuit of card.charge is open: down",
      "circuit.open for 'other' was false: nothing keeps other.pay back",
    ]);
  });

  it('says of a plain day that nothing spoke against the default, of the newest visit or the one that is named', async () => {
    world.views.put(anInstance(), [
      aNode({ reason: 'normal: the first' }),
      aNode({ visit: 2, reason: 'normal: again' }),
    ]);
    expect((await world.get(WHY)).json()).toMatchObject({
      visit: 2,
      code: null,
      opinions: [],
      reason: 'normal: again',
    });
    expect((await world.get(`${WHY}?visit=1`)).json()).toMatchObject({ visit: 1, reason: 'normal: the first' });
  });

  it('knows neither instances nor visits that are not there', async () => {
    world.views.put(anInstance(), [aNode()]);
    for (const [path, code] of [
      [`/api/instances/${OTHER}/nodes/charge/why`, 'UNKNOWN_INSTANCE'],
      [`${WHY}?visit=2`, 'UNKNOWN_NODE_INSTANCE'],
      [`/api/instances/${ID}/nodes/nowhere/why`, 'UNKNOWN_NODE_INSTANCE'],
    ] as const) {
      const answer = await world.get(path);
      expect([answer.statusCode, answer.json().code]).toEqual([404, code]);
    }
  });

  it('lists the subjects, the unwell first', async () => {
    const see = (subject: string, verdict: 'ok' | 'failed', times: number): void => {
      for (let at = 0; at < times; at++) world.health.observe(subject, { verdict, durationMs: 100, probe: false }, NOW);
    };
    see('card.charge[bank=north]', 'ok', 60);
    see('card.charge[bank=south]', 'failed', 5);
    const rows = (await world.get('/api/routing/subjects')).json();
    expect(rows[0]).toMatchObject({
      subject: 'card.charge[bank=south]',
      circuit: 'open',
      cause: '5 failures in a row',
      calls: 5,
      failed: 5,
    });
    expect(rows.map(({ subject }: { subject: string }) => subject)).toEqual([
      'card.charge[bank=south]',
      'card.charge',
      'card.charge[bank=north]',
      'bank=north',
      'bank=south',
    ]);
    expect(rows[2]).toMatchObject({ circuit: 'closed', since: null, until: null, latency: 'normal', calls: 60 });
  });

  it('lists the lanes, and which are full', async () => {
    world.router.saw('fast', 10_000);
    const full = async () =>
      (await world.get('/api/routing/lanes'))
        .json()
        .flatMap((row: { lane: string; full: boolean }) => (row.full ? [row.lane] : []));
    expect(await full()).toEqual(['fast']);
    world.router.saw('fast', 2_000);
    expect(await full()).toEqual(['fast']);
    world.router.saw('fast', 1_999);
    expect(await full()).toEqual([]);
  });

  it('tells how long the earliest has been due, what is in hand, and what was sent', async () => {
    world.takeInHand(ID, 'charge');
    world.router.decided({ lane: 'normal', trace: [] } as never);
    const rows = (await world.get('/api/routing/lanes')).json();
    expect(rows.at(-1)).toMatchObject({ lane: 'vip', state: 'closing', places: 4 });
    expect(rows[0]).toMatchObject({ lane: 'fast', state: 'open', places: null });
    expect(rows.find(({ lane }: { lane: string }) => lane === 'normal')).toMatchObject({
      inHand: 1,
      oldestMs: 1_500,
      sent: 1,
    });
    expect(rows.find(({ lane }: { lane: string }) => lane === 'slow')).toMatchObject({
      inHand: 0,
      oldestMs: 0,
      sent: 0,
    });
  });

  it('lists the groups of engines, and what waits for them', async () => {
    expect((await world.get('/api/routing/groups')).json()).toEqual([]);
    const reports = [
      { name: 'mail', up: 0, upUntil: 900_000, handlers: ['mail.send'] },
      { name: 'pay', up: 2, upUntil: 1_040_000, handlers: ['pay.charge', 'pay.refund'] },
    ];
    const groups = { group: 'pay', fresh: async () => reports } as unknown as KnowGroups;
    const mail = [
      { lane: 'normal@mail', number: 200 },
      { lane: 'fast@mail', number: 201 },
    ];
    Object.assign(world.lanes, { all: [...world.lanes.all, ...mail], groups });
    const rows = (await world.get('/api/routing/groups')).json();
    expect(rows).toMatchObject([
      { group: 'mail', own: false, up: 0, upUntil: '1970-01-01T00:15:00.000Z', handlers: ['mail.send'], ready: 6 },
      { group: 'pay', own: true, up: 2, handlers: ['pay.charge', 'pay.refund'], ready: 0 },
    ]);
  });

  it('tells which circuits changed, and why', async () => {
    for (let at = 0; at < 5; at++)
      world.health.observe('a.b[c=d]', { verdict: 'failed', durationMs: 9, probe: false }, NOW + at);
    expect((await world.get('/api/routing/transitions')).json()).toEqual([
      {
        subject: 'a.b[c=d]',
        from: 'closed',
        to: 'open',
        cause: '5 failures in a row',
        at: new Date(NOW + 4).toISOString(),
      },
    ]);
  });

  it('is asked on the command line', async () => {
    await world.app.listen(0, '127.0.0.1');
    const env = { SLUICE_URL: (await world.app.getUrl()).replace(/\/$/, ''), SLUICE_TOKEN: TOKEN };
    const ask = (...args: string[]) => call(['why', ID, ...args], { env, cwd: import.meta.dirname });
    world.views.put(anInstance(), [aNode({ lane: 'probe', reason, receipt }), aNode({ node: 'plain' })]);
    const { code, out } = await ask('charge');
    expect(code).toBe(0);
    expect(out.split('\n').slice(0, 3)).toEqual([reason, 'attempt 1', 'subject card.charge[bank=south]']);
    expect(out).toMatch(/circuit +probe +18 s +lane, delay, action +the circuit is open\ufffd\[2J/);
    expect((await ask('plain')).out.split('\n')).toHaveLength(2);
    expect(JSON.parse((await ask('charge', '--json')).out)).toMatchObject({ code: 'circuit.open' });
    expect((await ask('nowhere')).code).toBe(1);
  });
});
