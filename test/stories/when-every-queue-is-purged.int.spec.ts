import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { QUICK, Stage } from '../support/engine/stage.js';

const LOANS = loans(200);
/** So few in hand that most of what is under way lies in a queue. */
const SMALL_HANDS = { fast: 4, normal: 20, slow: 4, retry: 4, probe: 4 };

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('finishes 200 loans although every lane and every delay is emptied three times', async () => {
  const engine = await EngineProcess.start(stage.env({ ...QUICK, prefetch: SMALL_HANDS }));
  try {
    await stage.start(LOANS);
    let purged = 0;
    for (const calls of [100, 250, 400]) {
      await stage.ledger.reaches(calls);
      purged += await stage.purge();
    }
    expect(purged, 'messages that were lost').toBeGreaterThan(50);
    await stage.allOver(LOANS, 60_000);
    await stage.check(LOANS);
    const { swept = 0 } = await engine.tally();
    expect(swept, 'dispatches that the sweep found').toBeGreaterThanOrEqual(purged / 2);
  } finally {
    await engine.kill();
  }
}, 120_000);
