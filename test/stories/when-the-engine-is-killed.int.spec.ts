import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { Stage } from '../support/engine/stage.js';

const LOANS = loans(200);

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('finishes 200 running loans although it is killed twice, and calls nobody with another key', async () => {
  const env = stage.env({});
  let engine = await EngineProcess.start(env);
  try {
    await stage.start(LOANS);
    for (const calls of [150, 450]) {
      await stage.ledger.reaches(calls);
      await engine.kill();
      expect(await stage.running(LOANS), 'loans that were running when it was killed').toBeGreaterThan(0);
      engine = await EngineProcess.start(env);
    }
    await stage.allOver(LOANS, 90_000);
    await stage.check(LOANS);
  } finally {
    await engine.kill();
  }
}, 180_000);
