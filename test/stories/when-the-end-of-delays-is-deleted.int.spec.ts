import { afterAll, beforeAll, expect, it } from 'vitest';
import { reminder } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, QUICK, Stage, until } from '../support/engine/stage.js';

const reminders = (count: number, prefix: string) =>
  Array.from({ length: count }, (_, at) => reminder(`${prefix}-${at}`));
/** More than a rung tries to deliver at the same time, which is 32. */
const BEFORE = reminders(80, 'before');
const AFTER = reminders(20, 'after');
/** A sweep so patient that it has no part in what is in time. */
const GRACE_MS = 25_000;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('keeps later delays in time, and sends again what the rungs held when their way out was gone', async () => {
  const tuning = { ...QUICK, sweepGraceMs: GRACE_MS };
  const engine = await EngineProcess.start(stage.env(tuning, { SLUICE_DELAY: 'ladder' }));
  const { dispatch } = stage.topology.names;
  try {
    await stage.start(BEFORE);
    await until('all reminders to wait', async () => (await stage.waiting()) === BEFORE.length);
    await stage.onBroker((channel) => channel.deleteExchange(dispatch));
    await until('the exchange to be back', () => stage.hasExchange(dispatch));
    expect(await stage.running(BEFORE), 'reminders that fell due meanwhile').toBeGreaterThan(32);
    await pause(500);

    await stage.start(AFTER);
    await stage.allOver(AFTER, 10_000);
    await stage.allOver(BEFORE, GRACE_MS + 30_000);
    await stage.check([...BEFORE, ...AFTER]);
  } finally {
    await engine.kill();
  }
}, 120_000);
