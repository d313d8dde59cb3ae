import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { Engines } from '../support/engine/engines.js';
import type { EngineProcess } from '../support/engine/process.js';
import { pause, type Stage, until } from '../support/engine/stage.js';

const head = (flow: string): string => `flow: ${flow}
key: input.loanId
input: { type: object }
`;
const FLOWS = {
  /** Waits for a message. */
  paid: `nodes:
  begin: { start: true }
  work: { task: guarantor.review, in: { loanId: input.loanId, amount: input.amount } }
  callback: { wait: bank.paid, match: { loanId: input.loanId } }
  done: { end: success }
edges:
  - begin -> work -> callback -> done
`,
  /** Does one item, and two more when a message comes. */
  grows: `nodes:
  begin: { start: true }
  ask:
    task: guarantor.review
    each:
      in: [1]
      more: { message: bank.paid, match: { loanId: input.loanId }, items: '[2, 3]', last: each.total >= 3 }
    in: { loanId: input.loanId, amount: item }
  done: { end: success }
edges:
  - begin -> ask -> done
`,
  /** Calls one that takes four seconds. */
  calls: `nodes:
  begin: { start: true }
  pay: { call: pays }
  done: { end: success }
edges:
  - begin -> pay -> done
`,
  pays: `nodes:
  begin: { start: true }
  work: { task: sleep, in: { ms: 4000 } }
  done: { end: success }
edges:
  - begin -> work -> done
`,
  /** Calls one that waits for what nobody sends. */
  hopes: `nodes:
  begin: { start: true }
  ask: { call: paid }
  done: { end: success }
edges:
  - begin -> ask -> done
`,
};
/** How long who wrote a word, or has a message claimed, may take before others see to it. */
const OWN_MS = { word: 10_000, claim: 30_000 };

let engines: Engines;
let stage: Stage;

beforeAll(async () => {
  engines = await Engines.open(
    Object.fromEntries(Object.entries(FLOWS).map(([flow, rest]) => [`${flow}.flow.yaml`, head(flow) + rest])),
  );
  stage = engines.stage;
});

afterEach(() => engines.kill());
afterAll(() => engines.close());

const begin = (loanId: string, flow: keyof typeof FLOWS) =>
  stage.start([{ flow, key: loanId, input: { loanId, amount: 1 }, visits: [], outcome: 'success' }]);

const pay = (loanId: string): Promise<void> => stage.tell('bank.paid', `paid-${loanId}`, JSON.stringify({ loanId }));

const nodeOf = async (flow: string, key: string, node: string): Promise<string | undefined> => {
  const sql = `SELECT n.status FROM node_instance n JOIN instance i ON i.id = n.instance
               WHERE i.flow = ? AND (i.business_key = ? OR ? = '') AND n.node = ? ORDER BY n.started_at DESC`;
  return (await stage.rows(sql, [flow, key, key, node]))[0]?.['status'] as string | undefined;
};
const statusOf = async (flow: string, key = ''): Promise<unknown> =>
  (
    await stage.rows("SELECT status FROM instance WHERE flow = ? AND (business_key = ? OR ? = '') ORDER BY id DESC", [
      flow,
      key,
      key,
    ])
  )[0]?.['status'];
/** What is in the database was committed; whoever committed it hears of that a little later. */
const heard = (): Promise<void> => pause(1_000);

const messages = async (): Promise<readonly unknown[]> =>
  (await stage.rows("SELECT state FROM message WHERE state <> 'taken' ORDER BY received_at")).map(({ state }) => state);
const signals = async (): Promise<number> => (await stage.rows('SELECT id FROM instance_signal')).length;
/** What it has counted, as people see it: as JSON beside the loops that do it, and as metrics. */
async function countsOf(engine: EngineProcess): Promise<Readonly<Record<string, number>>> {
  const [repair, metrics] = [await engine.ask('GET', '/api/repair'), await engine.ask('GET', '/metrics')];
  const { loops, counts } = repair.body;
  expect(loops.map(({ name }: { name: string }) => name)).toEqual(expect.arrayContaining(['message', 'signal']));
  for (const name of ['message.taken', 'message.asked-again', 'signal.swept'])
    expect(metrics.body).toMatch(
      new RegExp(`^sluice_${name.replaceAll(/[.-]/g, '_')}_total ${counts[name] ?? 0}$`, 'm'),
    );
  return counts;
}

it.each([
  { id: 'C18', point: 'message.kept', state: 'open', lateMs: 0 },
  { id: 'C19', point: 'message.claimed', state: 'claimed', lateMs: OWN_MS.claim },
] as const)(
  '$id: an engine that dies at $point has kept the message, and another brings it to who waits',
  async ({ point, state, lateMs }) => {
    const key = `dies-${point}`;
    const dying = await engines.up();
    await begin(key, 'paid');
    await until('the wait', async () => (await nodeOf('paid', key, 'callback')) === 'waiting');
    dying.dieAt(point, 1);
    await pay(key);
    expect((await dying.ended).signal, dying.output).toBe('SIGKILL');
    expect(await messages()).toEqual([state]);
    expect(await nodeOf('paid', key, 'callback')).toBe('waiting');

    const diedAt = performance.now();
    const other = await engines.up();
    await until('the end', async () => (await statusOf('paid', key)) === 'completed', lateMs + 30_000);
    // Nobody takes a message from who may still be at work.
    expect(performance.now() - diedAt).toBeGreaterThan(lateMs - 5_000);
    expect(await messages()).toEqual([]);
    const counts = await countsOf(other);
    expect(counts).toMatchObject({ 'message.taken': 1 });
    expect(counts['message.asked-again'] ?? 0).toBe(state === 'claimed' ? 1 : 0);
  },
  120_000,
);

it.each(['message.claimed', 'committed'] as const)(
  'an engine that dies at %s has added the items of a message once, or another adds them',
  async (point) => {
    const key = `grows-${point}`;
    const before = stage.ledger.calls.length;
    const calls = () => stage.ledger.calls.slice(before).filter(({ node }) => node === 'ask');
    const dying = await engines.up();
    await begin(key, 'grows');
    await until(
      'the first item',
      async () => (await nodeOf('grows', key, 'ask@more')) === 'waiting' && calls().length === 1,
    );
    await heard();
    dying.dieAt(point, 1);
    await pay(key);
    expect((await dying.ended).signal, dying.output).toBe('SIGKILL');

    await engines.up();
    await until('the end', async () => (await statusOf('grows', key)) === 'completed', OWN_MS.claim + 60_000);
    const keys = new Set(calls().map(({ idempotencyKey }) => idempotencyKey.split('.').slice(-2).join('.')));
    expect([...keys].sort()).toEqual(['1.0', '1.1', '1.2']);
    expect(await messages()).toEqual([]);
  },
  150_000,
);

it('C20: an engine that dies when a wait is stored leaves it to another to look for what came before', async () => {
  const key = 'dies-before-it-looks';
  // Its loop, which would look too, comes round every 15 s.
  const dying = await engines.up({});
  await pay(key);
  await until('the message', async () => (await messages()).length === 1);
  // The first commit is the task's, which the wait follows.
  dying.dieAt('committed', 1);
  await begin(key, 'paid');
  expect((await dying.ended).signal, dying.output).toBe('SIGKILL');
  expect(await nodeOf('paid', key, 'callback')).toBe('waiting');
  expect(await messages()).toEqual(['open']);

  const other = await engines.up();
  await until('the end', async () => (await statusOf('paid', key)) === 'completed');
  expect(await countsOf(other)).toMatchObject({ 'message.taken': 1 });
}, 90_000);

it('C21: a caller hears of the end although whoever wrote it died before it was told', async () => {
  const key = 'dies-before-it-tells';
  const dying = await engines.up();
  await begin(key, 'calls');
  await until('the call', async () => (await nodeOf('calls', key, 'pay')) === 'waiting');
  await heard();
  // What was called still sleeps; the next commit is its end.
  dying.dieAt('committed', 1);
  expect((await dying.ended).signal, dying.output).toBe('SIGKILL');
  expect([await statusOf('pays'), await nodeOf('calls', key, 'pay'), await signals()]).toEqual([
    'completed',
    'waiting',
    1,
  ]);

  const other = await engines.up();
  await until('the end', async () => (await statusOf('calls', key)) === 'completed', OWN_MS.word + 30_000);
  await until('the last of the signals', async () => (await signals()) === 0);
  expect((await countsOf(other))['signal.swept']).toBe(1);
}, 90_000);

it('C21: what a cancelled flow has called is cancelled although whoever wrote that died at once', async () => {
  const key = 'dies-before-it-cancels';
  const dying = await engines.up();
  await begin(key, 'hopes');
  await until('the call', async () => (await nodeOf('hopes', key, 'ask')) === 'waiting');
  await until('the wait', async () => (await nodeOf('paid', '', 'callback')) === 'waiting');
  await heard();
  const [row] = await stage.rows('SELECT id FROM instance WHERE business_key = ?', [key]);
  dying.dieAt('committed', 1);
  await expect(dying.ask('POST', `/api/instances/${String(row?.['id'])}/cancel`, {})).rejects.toThrow();
  expect((await dying.ended).signal, dying.output).toBe('SIGKILL');
  expect([await statusOf('hopes', key), await statusOf('paid'), await signals()]).toEqual(['cancelled', 'running', 1]);

  const other = await engines.up();
  await until('the cancellation', async () => (await statusOf('paid')) === 'cancelled', OWN_MS.word + 30_000);
  await until('the last of the signals', async () => (await signals()) === 0);
  expect((await countsOf(other))['signal.swept']).toBe(1);
}, 90_000);
