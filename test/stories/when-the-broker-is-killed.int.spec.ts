import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans, order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, Stage } from '../support/engine/stage.js';
import { servers } from '../support/servers.mjs';

const LOANS = loans(200);

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

if (!servers.canKill()) console.warn('SKIPPED: the broker is not ours, so it cannot be killed.');

it.skipIf(!servers.canKill()).each([
  ['durable', LOANS],
  ['transient', loans(100, 'forgotten')],
] as const)(
  'keeps every loan, takes starts meanwhile, and goes on when the broker is back, with %s lanes',
  async (lanes, all) => {
    const meanwhile = order(`started-meanwhile-${lanes}`);
    const calls = stage.ledger.calls.length;
    const engine = await EngineProcess.start(stage.env(undefined, { SLUICE_LANES: lanes }));
    try {
      // RabbitMQ 3.10 may bring a quorum queue back without a leader when it dies within a second of its declaration.
      await pause(2_000);
      await stage.start(all);
      await stage.ledger.reaches(calls + all.length);
      await servers.kill('broker');
      expect(await stage.running(all), 'loans that were running when it was killed').toBeGreaterThan(0);
      const { flow, input } = meanwhile;
      const { status } = await engine.ask('POST', '/api/instances', { flow, input });
      expect(status).toBe(201);
      await servers.start('broker');

      await stage.allOver([...all, meanwhile], 120_000);
      await stage.check([...all, meanwhile]);
      // What was in the lanes is gone with them; the sweep has brought it back.
      if (lanes === 'transient') expect((await engine.tally())['swept']).toBeGreaterThan(0);
    } finally {
      await servers.start('broker');
      await engine.kill();
    }
  },
  240_000,
);
