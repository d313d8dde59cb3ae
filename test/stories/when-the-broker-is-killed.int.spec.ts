import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans, order } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, Stage } from '../support/engine/stage.js';
import { servers } from '../support/servers.mjs';

const LOANS = loans(200);
const MEANWHILE = order('started-meanwhile');

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

if (!servers.canKill()) console.warn('SKIPPED: the broker is not ours, so it cannot be killed.');

it.skipIf(!servers.canKill())(
  'keeps every loan, takes starts meanwhile, and goes on when the broker is back',
  async () => {
    const engine = await EngineProcess.start(stage.env());
    try {
      // RabbitMQ 3.10 may bring a quorum queue back without a leader when it dies within a second of its declaration.
      await pause(2_000);
      await stage.start(LOANS);
      await stage.ledger.reaches(200);
      await servers.kill('broker');
      expect(await stage.running(LOANS), 'loans that were running when it was killed').toBeGreaterThan(0);
      const { flow, input } = MEANWHILE;
      const { status } = await engine.ask('POST', '/api/instances', { flow, input });
      expect(status).toBe(201);
      await servers.start('broker');

      const all = [...LOANS, MEANWHILE];
      await stage.allOver(all, 120_000);
      await stage.check(all);
    } finally {
      await servers.start('broker');
      await engine.kill();
    }
  },
  240_000,
);
