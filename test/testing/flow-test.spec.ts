import { expect, it } from 'vitest';
import { PermanentError, poll } from '../../src/engine/ports/handlers.js';
import { testFlow } from '../../src/programs/in-memory/flow-test.js';

const DAY = 86_400_000;
const text = `
flow: novice
input: { type: object, required: [uid], properties: { uid: { type: string } } }
nodes:
  begin: { start: true }
  stage: { task: user.stage, in: { uid: input.uid }, out: { stage: result.stage } }
  watch: { timer: 30d }
  grant: { task: reward.grant, in: { uid: input.uid, n: 50 }, retry: { local: [], remote: [5s, 30s, 120s], max: 3 } }
  done:  { end: granted }
  none:  { end: not_novice }
edges:
  - begin -> stage
  - stage -> watch: vars.stage == "novice"
  - stage -> none:  else
  - watch -> grant
  - grant -> done
  - grant -> none: on error GONE
`;
const novice = { 'user.stage': { stage: 'novice' } };

it('waits thirty days in milliseconds, and retries after 5 and 30 seconds', async () => {
  const flow = testFlow({ text });
  const began = performance.now();
  let tries = 0;
  const grant = () => {
    tries += 1;
    if (tries < 3) throw new Error('busy');
    return { granted: 50 };
  };
  const run = await flow.start({ uid: 'u1' }, { mocks: { ...novice, 'reward.grant': grant } });
  expect(performance.now() - began).toBeLessThan(2_000);
  run.expect({ outcome: 'granted', attempts: { grant: 3 }, vars: { stage: 'novice' } });
  expect(run.happened.tookMs).toBe(30 * DAY + 35_000);
  expect(run.calls('reward.grant')).toEqual([1, 2, 3].map(() => ({ uid: 'u1', n: 50 })));
  expect(run.path).toEqual(['begin', 'stage', 'watch', 'grant', 'done']);
  expect(run.visited('grant')).toMatchObject({ lanes: ['normal', 'normal', 'retry'], output: { granted: 50 } });
});

it('gives handlers their context, their polls and permanent errors', async () => {
  const flow = testFlow({ text });
  const seen: string[] = [];
  let asked = 0;
  const mocks = {
    'user.stage': () => (asked++ < 2 ? poll(60_000) : { stage: 'novice' }),
    grant: (_input: unknown, { node, idempotencyKey }: { node: string; idempotencyKey: string }) => {
      seen.push(node, idempotencyKey.split('.').slice(1).join('.'));
      throw new PermanentError('GONE', 'no such user');
    },
  };
  const run = await flow.start({ uid: 'u1' }, { mocks });
  run.expect({ outcome: 'not_novice', polls: { stage: 2 }, attempts: { grant: 1 } });
  expect(seen).toEqual(['grant', 'grant.1']);
});

it('counts the edges that its runs have taken, and draws those that none took in red', async () => {
  const flow = testFlow({ text });
  await flow.start({ uid: 'u1' }, { mocks: { ...novice, 'reward.grant': {} } });
  expect(flow.coverage).toMatchObject({ total: 6, covered: 4, percent: 66 });
  expect(flow.coverage.missing.map(({ from, to }) => `${from} -> ${to}`)).toEqual(['stage -> none', 'grant -> none']);
  expect(flow.coverageDiagram).toMatch(/class n_none unreached/);
  expect(flow.coverageDiagram).toMatch(/linkStyle 2,5 stroke:#e03131/);
  await flow.start({ uid: 'u1' }, { mocks: { 'user.stage': {}, 'reward.grant': {} } });
  expect(flow.coverage.percent).toBe(83);
  expect(flow.coverageDiagram).not.toMatch(/class .* unreached/);
});

it('tells everything that did not happen', async () => {
  const run = await testFlow({ text }).start({ uid: 'u1' }, { mocks: { ...novice, 'reward.grant': {} } });
  expect(() => run.expect({ outcome: 'not_novice', never: ['watch'] })).toThrow(
    "Expected the outcome not_novice, but it is granted.\nExpected 'watch' not to be entered, but it was.",
  );
});

it('refuses what it cannot run, and says why', async () => {
  await expect(testFlow({ text }).start({ uid: 'u1' }, { mocks: novice })).rejects.toThrow(/none for 'reward\.grant'/);
  await expect(testFlow({ text }).start({ uid: 7 }, { mocks: { ...novice, 'reward.grant': {} } })).rejects.toThrow(
    /uid/,
  );
  expect(() => testFlow({ text: 'flow: 1' })).toThrow(/error\[MISSING_KEY\]/);
});

it('lets an operator cancel and retry at their times, and begins when it is told to', async () => {
  const flow = testFlow({ text });
  const mocks = {
    ...novice,
    'reward.grant': { $attempts: [1, 2, 3, 4].map(() => ({ $error: 'DOWN' })).concat({} as never) },
  };
  const now = new Date('2026-10-05T10:00:00+08:00');
  const cancelled = await flow.start({ uid: 'u1' }, { mocks, now, acts: [{ afterMs: DAY, act: { type: 'cancel' } }] });
  cancelled.expect({ status: 'cancelled', took: { atLeastMs: DAY, atMostMs: DAY } });
  const retry = { type: 'retry', node: 'grant' } as const;
  const run = await flow.start({ uid: 'u1' }, { mocks, acts: [{ afterMs: 40 * DAY, act: retry }] });
  run.expect({ outcome: 'granted', attempts: { grant: 5 }, took: { atLeastMs: 40 * DAY, atMostMs: 40 * DAY } });
  await expect(flow.start({ uid: 'u1' }, { mocks, acts: [{ afterMs: 1, act: retry }] })).rejects.toThrow(
    /Expected .*, but/,
  );
});

it('waits for a date, whatever the zone it is written in', async () => {
  const flow = (at: string) =>
    testFlow({
      text: `flow: dated\nnodes: { a: { start: true }, t: { timer: { at: "${at}" } }, b: { end: b } }\nedges: [a -> t -> b]\n`,
    });
  const tookFrom = async (now: string, at: string) => {
    const { happened } = await flow(at).start({}, { now: new Date(now) });
    return happened.tookMs;
  };
  expect(await tookFrom('2026-11-01T00:00:00Z', '2026-12-01T00:00:00Z')).toBe(30 * DAY);
  // A night in which Berlin puts its clocks back: the zone that is written decides.
  expect(await tookFrom('2026-10-24T22:00:00Z', '2026-10-26T00:00:00+01:00')).toBe(DAY + 3_600_000);
  expect(await tookFrom('2026-12-02T00:00:00Z', '2026-12-01T00:00:00Z')).toBe(0);
});

it('is given secrets, which no call that is looked at and no output has', async () => {
  const flow = testFlow({
    text: 'flow: f\nnodes:\n  begin: { start: true }\n  pay: { task: bank.pay, in: { token: secret.bankKey } }\n  done: { end: paid }\nedges:\n  - begin -> pay -> done\n',
  });
  const got: unknown[] = [];
  const pay = (input: Readonly<Record<string, unknown>>) => {
    got.push(input['token']);
    return { said: `with ${String(input['token'])}` };
  };
  const run = await flow.start({}, { mocks: { 'bank.pay': pay }, secrets: { bankKey: 'for-tests' } });
  run.expect({ outcome: 'paid', outputs: { pay: { said: 'with ***' } } });
  expect(got).toEqual(['for-tests']);
  expect(run.calls('bank.pay')).toEqual([{ token: 'secret.bankKey' }]);
  const without = await flow.start({}, { mocks: { 'bank.pay': pay } });
  without.expect({ status: 'incident', incidents: { pay: 'NO_SECRET' } });
});
