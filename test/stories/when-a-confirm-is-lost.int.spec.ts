import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { Stage } from '../support/engine/stage.js';
import { FaultProxy } from '../support/fault-proxy.js';

const LOANS = loans(60);

let stage: Stage;
let proxy: FaultProxy;

beforeAll(async () => {
  stage = await Stage.open();
  proxy = await FaultProxy.open(stage.vhost.url);
});

afterAll(async () => {
  await proxy.close();
  await stage.close();
});

it('sends again what the broker may have, and no node completes twice', async () => {
  const engine = await EngineProcess.start(stage.env({}, { SLUICE_BROKER_URL: proxy.url }));
  try {
    await stage.start(LOANS);
    for (const calls of [20, 60, 120]) {
      await stage.ledger.reaches(calls);
      await proxy.loseConfirm();
    }
    await stage.allOver(LOANS, 60_000);
    await stage.check(LOANS);
    const tally = await engine.tally();
    expect(tally['dispatch.refused'], 'dispatches that nobody confirmed').toBeGreaterThan(0);
    // A copy that comes while the first is worked on waits for it; one that comes later is stale.
    const recognised = (tally['delivery.stale'] ?? 0) + (tally['delivery.copy'] ?? 0);
    expect(recognised, 'copies that were recognised').toBeGreaterThan(0);
  } finally {
    await engine.kill();
  }
}, 120_000);
