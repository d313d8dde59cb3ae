import { afterAll, beforeAll, expect, it } from 'vitest';
import { loan, order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, QUICK, Stage, until } from '../support/engine/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

const calls = (key: string) => stage.ledger.calls.filter(({ idempotencyKey }) => idempotencyKey.includes(key));

/** Starts an engine that may die before it is up; answers the code it died with, or the engine. */
const live = (env: Record<string, string>): Promise<EngineProcess | number> =>
  EngineProcess.start(env).catch((fault: Error) => {
    const code = /it exited with (\d+)/.exec(fault.message)?.[1];
    if (code === undefined) throw fault;
    return Number(code);
  });

it('holds it as CRASH_LOOP after a few processes, and everything beside it ends', async () => {
  const [poison] = [loan('poison', 'paid')];
  const beside = Array.from({ length: 20 }, (_, at) => order(`beside-${at}`));
  const env = { ...stage.env(), FATAL: 'exit kyc.verify' };
  await (await EngineProcess.start(stage.env())).kill('SIGTERM');
  await stage.start([poison, ...beside]);

  const codes: (number | null)[] = [];
  const held = () => stage.rows("SELECT instance FROM incident WHERE open_code = 'CRASH_LOOP'");
  let engine: EngineProcess | undefined;
  while (!engine) {
    const life = await live(env);
    if (typeof life === 'number') {
      codes.push(life);
    } else {
      const ending = await Promise.race([life.ended, until('the incident', async () => (await held()).length > 0)]);
      if (ending) codes.push(ending.code);
      else engine = life;
    }
    expect(codes.length, 'processes that died').toBeLessThan(12);
  }
  expect(new Set(codes)).toEqual(new Set([7]));
  expect(codes.length, 'processes that died').toBeGreaterThanOrEqual(5);
  const [{ instance } = { instance: '' }] = await held();
  expect(calls(`${instance}.kyc.`)).toHaveLength(codes.length);
  await stage.allOver(beside);
  await stage.check(beside);
  expect(await engine.tally()).toMatchObject({ 'crash.loops': 1 });
  await engine.kill('SIGTERM');

  const sound = await EngineProcess.start(stage.env());
  expect((await sound.ask('POST', `/api/instances/${instance}/retry`, {})).status).toBe(202);
  await stage.allOver([poison]);
  await stage.check([poison]);
  await sound.kill();
});

it.each(['reject', 'throw'])(
  'S24: stops in order and exits with 1 after an error that nobody caught (%s)',
  async (way) => {
    const starts = Array.from({ length: 5 }, (_, at) => loan(`${way}-${at}`, 'paid'));
    const engine = await EngineProcess.start({ ...stage.env(), FATAL: `${way} kyc.verify` });
    await stage.start(starts);
    expect(await engine.ended).toEqual({ code: 1, signal: null });
    expect(engine.output).toContain('An error that nobody caught');
    const next = await EngineProcess.start(stage.env());
    await stage.allOver(starts);
    await stage.check(starts);
    await next.kill();
  },
);

it('is not ready from the moment it is asked to stop', async () => {
  const before = stage.ledger.calls.length;
  const starts = [loan('stopping', 'silent')];
  const engine = await EngineProcess.start(stage.env({ ...QUICK, drainMs: 2_000 }));
  expect((await engine.ask('GET', '/health/ready')).status).toBe(200);
  await stage.start(starts);
  await until('a bank that does not answer', () => stage.ledger.calls.slice(before).some((c) => c.node === 'asked'));
  engine.signal('SIGTERM');
  await pause(100);
  const ready = await engine.ask('GET', '/health/ready');
  expect([ready.status, ready.body]).toEqual([503, { status: 'down', database: 'up', broker: 'up' }]);
  expect((await engine.ended).code).toBe(0);
  const next = await EngineProcess.start(stage.env());
  await stage.allOver(starts);
  await next.kill();
});
