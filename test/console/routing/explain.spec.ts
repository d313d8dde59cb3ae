import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NodeInstance } from '../../../src/core/flow/instance.js';
import type { TraceLine } from '../../../src/core/routing/opinion.js';
import { call } from '../../cli/support/call.js';
import { aNode, anInstance, ID, NOW, OTHER, TOKEN, World } from '../support/world.js';

const DRAFT = 'rules: [{ code: charges, match: { node: charge }, lane: slow, delay: 1m, reason: apart }]\n';
const trace: TraceLine[] = [
  { stage: 'rule', code: 'rule.old', said: 'old', lane: 'retry', delayMs: 600_000, won: ['lane', 'delay'] },
  { stage: 'latency', code: 'latency.fast', said: 'p95 80 ms', lane: 'fast', won: [] },
  { stage: 'default', code: 'default', said: 'attempt 1', lane: 'normal', won: [] },
];
const receipt = { subject: 'card.charge[bank=a]', code: 'rule.old', rules: 'v1', trace };

describe('what the router would say', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.app.close());
  const explain = async (body: object) => {
    const answer = await world.post('/api/routing/explain', body);
    return { status: answer.statusCode, body: answer.json() };
  };
  const fail = (subject: string): void => {
    for (let at = 0; at < 5; at++)
      world.health.observe(subject, { verdict: 'failed', durationMs: 9, probe: false }, NOW);
  };

  it('of a message that could be: what is left out comes from the definition', async () => {
    expect((await explain({ flow: 'order', node: 'charge' })).body).toEqual({
      message: {
        kind: 'task',
        cause: 'entered',
        flow: 'order',
        node: 'charge',
        handler: 'card.charge',
        attempt: 1,
        polls: 0,
        delayMs: 0,
        tags: [],
        subject: 'card.charge',
        degrades: false,
      },
      action: 'publish',
      lane: 'normal',
      delayMs: 0,
      code: 'default',
      reason: 'normal: attempt 1, no rule says otherwise',
      rules: null,
      opinions: [
        expect.objectContaining({ stage: 'default', lane: 'normal', delayMs: null, action: null, won: ['lane'] }),
      ],
    });
    fail('card.charge[bank=south]');
    const asked = { flow: 'order', node: 'charge', dims: { bank: 'south' }, attempt: 3 };
    const { body } = await explain(asked);
    expect(body).toMatchObject({ action: 'defer', lane: 'probe', code: 'circuit.open', message: { cause: 'retry' } });
    expect(body.opinions.map(({ stage }: { stage: string }) => stage)).toEqual(['circuit', 'retry', 'default']);
    expect((await explain({ ...asked, dims: { bank: 'north' } })).body).toMatchObject({ lane: 'retry' });
    expect((await explain({ flow: 'nowhere', handler: 'a.b', subject: 's' })).body.message.subject).toBe('s');
    expect((await explain({ flow: 'order', kind: 'timer' })).body).toMatchObject({
      lane: 'fast',
      code: 'default.timer',
    });
  });

  it('of a message that is there, as it is or otherwise, now or under a draft', async () => {
    world.views.put(anInstance(), [aNode({ attempt: 2, receipt }), aNode({ visit: 2 })]);
    const here = { instance: ID, node: 'charge', visit: 1 };
    expect((await explain(here)).body).toMatchObject({
      lane: 'normal',
      message: { attempt: 2, cause: 'retry', subject: 'card.charge[bank=a]', handler: 'card.charge' },
    });
    expect((await explain({ ...here, attempt: 4 })).body.lane).toBe('retry');
    expect((await explain({ ...here, source: DRAFT })).body).toMatchObject({
      lane: 'slow',
      code: 'rule.charges',
      delayMs: 60_000,
    });
    expect((await explain({ instance: ID, node: 'charge' })).body.message.attempt).toBe(1);
    expect([world.orders.log, world.router.hitsOf('charges')]).toEqual([[], 0]);
  });

  it.each([
    ['nothing', {}, 422, 'INVALID_REQUEST'],
    ['an instance without a node', { instance: ID }, 422, 'INVALID_REQUEST'],
    ['an instance that is not there', { instance: OTHER, node: 'charge' }, 404, 'UNKNOWN_INSTANCE'],
    ['a node that was not visited', { instance: ID, node: 'done' }, 404, 'UNKNOWN_NODE_INSTANCE'],
    ['a broken draft', { flow: 'order', source: 'rules: soon' }, 422, 'INVALID_RULES'],
  ])('cannot be asked about %s', async (_, body, status, code) => {
    world.views.put(anInstance(), [aNode()]);
    const answer = await explain(body);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });

  it('of the latest decisions: what a draft would have moved, with samples', async () => {
    const put = (more: Partial<NodeInstance>): void => {
      world.dispatches.rows.push({ instance: ID, flow: 'order', version: 1, key: null, node: aNode(more) });
    };
    for (let visit = 1; visit < 8; visit++) put({ visit });
    put({ visit: 8, lane: 'retry', receipt });
    put({ node: 'elsewhere', lane: 'normal' });
    const replayed = (await world.post('/api/routing/replay', { source: DRAFT })).json();
    expect(replayed).toMatchObject({
      looked: 9,
      moved: [
        { from: 'normal', to: 'slow', count: 7 },
        { from: 'retry', to: 'slow', count: 1 },
      ],
      later: 7,
      sooner: 1,
    });
    expect(replayed.moved[0].samples).toHaveLength(5);
    expect(replayed.moved[0].samples[0]).toEqual({
      instance: ID,
      flow: 'order',
      node: 'charge',
      visit: 1,
      reason: 'slow: apart after 60000 ms',
    });
    const none = (await world.post('/api/routing/replay', { source: 'rules: []', last: 8 })).json();
    expect(none).toMatchObject({ looked: 8, moved: [{ from: 'retry', to: 'fast', count: 1 }], later: 0, sooner: 1 });
    expect((await world.post('/api/routing/replay', { source: DRAFT, last: 1_001 })).statusCode).toBe(422);
    const gone = { ...receipt, degraded: true as const };
    world.dispatches.rows.splice(0, 9, { ...world.dispatches.rows[0]!, node: aNode({ lane: 'slow', receipt: gone }) });
    expect((await world.post('/api/routing/replay', { source: DRAFT })).json()).toMatchObject({ moved: [], sooner: 0 });
  });

  it('is asked on the command line', async () => {
    await world.app.listen(0, '127.0.0.1');
    const env = { SLUICE_URL: (await world.app.getUrl()).replace(/\/$/, ''), SLUICE_TOKEN: TOKEN };
    const cwd = await mkdtemp(join(tmpdir(), 'sluice-cli-'));
    await writeFile(join(cwd, 'draft.yaml'), DRAFT);
    const ask = (...args: string[]) => call(args, { env, cwd });
    const { out } = await ask(
      'explain',
      'order',
      'charge',
      '--attempt',
      '4',
      '--dim',
      'bank=b',
      '--rules',
      'draft.yaml',
    );
    expect(out.split('\n').slice(0, 2)).toEqual(['slow: apart after 60000 ms', 'subject card.charge[bank=b]']);
    expect(out).toMatch(/\nrule +slow +60 s +lane, delay +apart\nretry +retry +- +- +attempt 4/);
    world.dispatches.rows.push({ instance: ID, flow: 'order', version: 1, key: null, node: aNode() });
    const tried = await ask('rules', 'try', 'draft.yaml');
    expect(tried.out).toMatch(/^COUNT +FROM +TO +SUCH AS +WHY\n1 +normal +slow +019e.* charge +slow: apart/);
    expect(tried.err).toBe('Of 1 decisions; a rule would delay 1 longer, and 0 shorter.');
    expect(JSON.parse((await ask('explain', 'order', '--json')).out)).toMatchObject({ lane: 'normal' });
    expect((await ask('explain', 'order', '--attempt', 'x')).code).toBe(2);
    await rm(cwd, { recursive: true });
  });
});
