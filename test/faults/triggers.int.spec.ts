import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Engines } from '../support/engine/engines.js';
import { pause, QUICK, type Stage, until } from '../support/engine/stage.js';

const FLOW = `flow: coupon
input: { type: object, required: [uid], properties: { uid: { type: string } } }
nodes: { begin: { start: true }, work: { task: sleep, in: { ms: 10 } }, done: { end: success } }
edges: [begin -> work -> done]
`;
const TRIGGERS = `triggers:
  - { code: coupon, on: cart.added, start: coupon, input: { uid: event.uid } }
  - { code: points, on: cart.added, when: event.points, start: coupon, input: { uid: event.uid } }
  - { code: gifts, on: cart.paid, plays: gift, input: { uid: event.uid }, dedupe: event.uid }
`;
const GIFT = `flow: gift
play: { type: object, required: [n], properties: { n: { type: number } } }
input: { type: object, required: [uid], properties: { uid: { type: string } } }
nodes: { begin: { start: true }, work: { task: sleep, in: { ms: play.n } }, keep: { set: { n: play.n } }, done: { end: given } }
edges: [begin -> work -> keep -> done]
`;
const BEATING = `flow: beating
nodes: { begin: { start: true }, done: { end: success } }
edges: [begin -> done]
`;
const BEAT = 'triggers: [{ code: beat, cron: "* * * * * *", start: beating }]\n';

let engines: Engines;
let stage: Stage;

beforeAll(async () => {
  engines = await Engines.open({
    'coupon.flow.yaml': FLOW,
    'gift.flow.yaml': GIFT,
    'cart.triggers.yaml': TRIGGERS,
  });
  stage = engines.stage;
});

afterEach(() => engines.kill());
afterAll(() => engines.close());

const tell = (messageId: string, body: string, times = 1, name = 'cart.added'): Promise<void> =>
  stage.tell(name, messageId, body, times);

/** Of the instances that a user's events have started: how each has ended. */
const startedFor = async (uid: string): Promise<readonly unknown[]> => {
  const sql = `SELECT i.outcome FROM instance i JOIN instance_input p ON p.instance = i.id
               WHERE JSON_UNQUOTE(JSON_EXTRACT(p.input, '$.uid')) = ?`;
  return (await stage.rows(sql, [uid])).map(({ outcome }) => outcome);
};
const quarantined = async (): Promise<readonly unknown[]> =>
  (await stage.rows('SELECT code, routing_key FROM quarantine ORDER BY code')).map((row) => Object.values(row));
const intake = (): Promise<number> =>
  stage.onBroker(async (channel) => {
    return (await channel.checkQueue(stage.topology.names.mailbox)).messageCount;
  });

it('an event that comes over RabbitMQ starts its flows, once however often and to whichever engine it is told', async () => {
  await Promise.all([engines.up(), engines.up()]);
  await tell('event-1', '{"uid":"ann","points":true}', 6);
  await tell('event-2', '{"uid":"bob","points":false}', 2);
  await until('the ends', async () => [...(await startedFor('ann')), ...(await startedFor('bob'))].length === 3);
  await until('the last of the messages', async () => (await intake()) === 0);
  await tell('event-1', '{"uid":"ann","points":true}');
  await until('the last of the messages', async () => (await intake()) === 0);
  await pause(1_000);
  expect(await startedFor('ann')).toEqual(['success', 'success']);
  expect(await startedFor('bob')).toEqual(['success']);
  expect(await quarantined()).toEqual([]);
}, 90_000);

it('an event that cannot be used is kept in the quarantine, and hinders none after it', async () => {
  await engines.up();
  await tell('event-3', '{"uid":');
  await tell('event-4', '{"uid":7,"points":false}');
  await tell('event-5', '{"uid":"eve"}');
  await tell('event-6', '{"uid":"cid","points":true}');
  await until('the ends', async () => (await startedFor('cid')).filter((one) => one === 'success').length === 2);
  await until('what is kept', async () => (await quarantined()).length === 3);
  expect(await quarantined()).toEqual([
    ['INVALID_INPUT', 'coupon'],
    ['NOT_JSON', 'cart.added'],
    ['TRIGGER_FAILED', 'cart.added'],
  ]);
  expect(await startedFor('eve')).toHaveLength(1);
}, 90_000);

it('C22: an engine that dies when a trigger has started something starts nothing twice, and the rest is started by another', async () => {
  const dying = await engines.up();
  dying.dieAt('start.stored', 1);
  await tell('event-7', '{"uid":"dan","points":true}');
  expect((await dying.ended).signal, dying.output).toBe('SIGKILL');
  expect(await startedFor('dan')).toEqual([null]);
  expect(await stage.rows("SELECT id FROM message WHERE JSON_EXTRACT(payload, '$.uid') = 'dan'")).toEqual([]);

  const other = await engines.up();
  const ended = async (): Promise<boolean> => (await startedFor('dan')).filter((one) => one === 'success').length === 2;
  await until('both ends', ended);
  await pause(1_000);
  expect(await startedFor('dan')).toEqual(['success', 'success']);
  expect(await other.tally()).toMatchObject({ 'start.stored': 1, 'start.duplicate': 1, 'message.kept': 1 });
}, 90_000);

it('C23: an engine that dies when a tick has started something leaves every tick to be started once', async () => {
  const beating = mkdtempSync(join(tmpdir(), 'sluice-beat-'));
  writeFileSync(join(beating, 'beating.flow.yaml'), BEATING);
  writeFileSync(join(beating, 'beat.triggers.yaml'), BEAT);
  try {
    const dying = await engines.up(QUICK, { SLUICE_DEFINITIONS: beating });
    dying.dieAt('start.stored', 2);
    expect((await dying.ended).signal, dying.output).toBe('SIGKILL');
    const ticks = async (): Promise<number[]> => {
      const rows = await stage.rows("SELECT business_key FROM instance WHERE flow = 'beating' ORDER BY business_key");
      return rows.map((row) => Date.parse(String(row['business_key']).replace('beat@', '')));
    };
    const started = await ticks();
    expect(started).toHaveLength(2);

    const others = [
      await engines.up(QUICK, { SLUICE_DEFINITIONS: beating }),
      await engines.up(QUICK, { SLUICE_DEFINITIONS: beating }),
    ];
    await until('more ticks', async () => (await ticks()).length >= 6);
    for (const other of others) await other.kill('SIGTERM');
    const all = await ticks();
    expect(all.slice(0, 2)).toEqual(started);
    expect(all.slice(1).map((at, index) => at - (all[index] ?? 0))).toEqual(all.slice(1).map(() => 1_000));
  } finally {
    rmSync(beating, { recursive: true, force: true });
  }
}, 90_000);

it('plays on servers start once each although an engine dies, keep to their quota, and give what they said then', async () => {
  const dying = await engines.up();
  const plays = { one: { n: 1 }, two: { n: 2 } };
  for (const [code, params] of Object.entries(plays)) {
    const quota = code === 'two' ? { quota: { max: 1 } } : {};
    const created = await dying.ask('POST', '/api/plays', { code, flow: 'gift', params, ...quota });
    expect(created.status).toBe(201);
  }
  dying.dieAt('start.stored', 1);
  await tell('paid-1', '{"uid":"eva"}', 1, 'cart.paid');
  expect((await dying.ended).signal, dying.output).toBe('SIGKILL');

  const others = [await engines.up(), await engines.up()];
  const started = async (): Promise<readonly unknown[]> => {
    const sql = `SELECT p.play, i.outcome, v.value FROM play_instance p JOIN instance i ON i.id = p.instance
                 LEFT JOIN variable v ON v.instance = i.id AND v.name = 'n' ORDER BY p.play, p.instance`;
    return (await stage.rows(sql)).map((row) => Object.values(row));
  };
  await until(
    'both',
    async () => (await started()).filter((row) => JSON.stringify(row).includes('given')).length === 2,
  );
  expect(await started()).toEqual([
    ['one', 'given', '1'],
    ['two', 'given', '2'],
  ]);
  await others[0]?.ask('POST', '/api/plays/one/change', { params: { n: 9 } });
  await tell('paid-2', '{"uid":"flo"}', 4, 'cart.paid');
  await tell('paid-1', '{"uid":"eva"}', 2, 'cart.paid');
  await until('the third', async () => JSON.stringify(await started()).includes('"9"'));
  await until('the last of the messages', async () => (await intake()) === 0);
  await pause(1_000);
  expect(await started()).toEqual([
    ['one', 'given', '1'],
    ['one', 'given', '9'],
    ['two', 'given', '2'],
  ]);
}, 90_000);
