import { afterAll, beforeAll, it } from 'vitest';
import { degrades } from '../support/engine/degrading.js';
import { Stage } from '../support/engine/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('gives it while its circuit is open, and says so, on servers', async () => {
  const { LEDGER: _, TUNING: __, ...settings } = stage.env();
  await degrades({ ...settings, SLUICE_WATCH_HEALTH: 'true' });
}, 90_000);
