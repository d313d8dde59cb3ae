import { afterAll, beforeAll, it } from 'vitest';
import { growsTooLarge } from '../support/engine/growing.js';
import { Stage } from '../support/engine/stage.js';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('holds the step that would make it too large, and nothing else of its batch', async () => {
  const { LEDGER: _, TUNING: __, ...settings } = stage.env();
  await growsTooLarge(settings);
}, 60_000);
