import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans, order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { QUICK, Stage, until } from '../support/engine/stage.js';

const TUNING = {
  ...QUICK,
  laneEveryMs: 300,
  groups: { everyMs: 500, upMs: 2_500, rememberMs: 600_000, oldMs: 1_500 },
};
const LOANS = loans(60);
const LATE = loans(12, 'late');
const ORDERS = Array.from({ length: 40 }, (_, at) => order(`meanwhile-${at}`));

let stage: Stage;
const engines: EngineProcess[] = [];

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.kill()));
  await stage.close();
});

async function start(group: string, handlers: string): Promise<EngineProcess> {
  const settings = { SLUICE_GROUP: group, HANDLERS: handlers };
  const engine = await EngineProcess.start(stage.env(TUNING, settings));
  engines.push(engine);
  return engine;
}

const startScoring = (): Promise<EngineProcess> => start('scoring', '^(kyc|credit)\\.');

interface GroupRow {
  readonly group: string;
  readonly up: number;
  readonly ready: number | null;
}

it('its work waits and ends when it is back, once, and the work of the others goes on as if nothing had happened', async () => {
  const shop = await start('shop', '^(?!kyc|credit)');
  const scoring = [await startScoring(), await startScoring()];
  const groups = async (): Promise<readonly GroupRow[]> => (await shop.ask('GET', '/api/routing/groups')).body;
  const scores = async (): Promise<GroupRow | undefined> => (await groups()).find(({ group }) => group === 'scoring');
  await until('both groups to be known, with all their lanes', async () => {
    const lanes: readonly { lane: string }[] = (await shop.ask('GET', '/api/routing/lanes')).body;
    return (await scores())?.up === 2 && lanes.filter(({ lane }) => lane.includes('@')).length === 10;
  });

  await stage.start(LOANS);
  await until(
    'some loans to be scored',
    () => stage.ledger.calls.filter(({ handler }) => handler === 'kyc.verify').length > 10,
  );
  await Promise.all(scoring.map((engine) => engine.kill('SIGKILL')));

  // Isolation: all of another flow, from its start to its end, with the group gone.
  await stage.start(ORDERS);
  await stage.allOver(ORDERS);
  await stage.check(ORDERS);
  const waiting = await stage.running(LOANS);
  expect(waiting, 'loans that wait for the group').toBeGreaterThan(0);

  // What somebody purges meanwhile is sent again, to where it was.
  await until('the group to be gone', async () => (await scores())?.up === 0);
  const queue = stage.topology.names.lane('normal@scoring');
  const purged = await stage.onBroker(async (channel) => (await channel.purgeQueue(queue)).messageCount);
  expect(purged).toBeGreaterThan(0);
  const [lost] = await stage.rows(
    "SELECT COUNT(*) AS many FROM node_instance WHERE lane = 'normal@scoring' AND status = 'ready'",
  );
  expect(Number(lost?.['many'])).toBeGreaterThan(0);
  await until(
    `${lost?.['many']} of ${purged} that were purged to be there again`,
    async () => ((await scores())?.ready ?? 0) >= Number(lost?.['many']),
  );

  await stage.start(LATE);
  await until('the late ones to wait', async () => {
    const [row] = await stage.rows(
      `SELECT COUNT(*) AS many FROM node_instance n JOIN instance i ON i.id = n.instance
       WHERE n.node = 'kyc' AND n.status = 'ready' AND i.business_key LIKE 'late-%'`,
    );
    return Number(row?.['many']) === LATE.filter(({ visits }) => visits.includes('kyc 1')).length;
  });
  const [first] = await stage.instancesOf(LATE.slice(0, 1));
  const { nodes } = (await shop.ask('GET', `/api/instances/${String(first?.['id'])}`)).body;
  expect(nodes.find(({ node }: { node: string }) => node === 'kyc')).toMatchObject({
    lane: 'normal@scoring',
    attempt: 1,
    reason: expect.stringMatching(/the group scoring has 'kyc.verify', and no engine of it has been up since 20/),
  });
  expect(await stage.count('incidents > 0'), 'instances with an incident').toBe(0);

  const before = stage.ledger.calls.length;
  await startScoring();
  const all = [...LOANS, ...LATE];
  await stage.allOver(all, 90_000);
  await stage.check([...all, ...ORDERS]);
  // What waited was in nobody's hands when the group died, so each of it has run exactly once.
  const late = new Set((await stage.instancesOf(LATE)).map(({ id }) => String(id)));
  const calls = stage.ledger.calls
    .filter(({ instance, handler }) => late.has(instance) && handler === 'credit.score')
    .map(({ idempotencyKey }) => idempotencyKey);
  expect(new Set(calls).size, 'what waited and has run').toBe(calls.length);
  expect(calls.length).toBe(LATE.filter(({ visits }) => visits.includes('credit 1')).length);
  expect(stage.ledger.calls.length).toBeGreaterThan(before);
  expect(await stage.count('incidents > 0')).toBe(0);
}, 240_000);
