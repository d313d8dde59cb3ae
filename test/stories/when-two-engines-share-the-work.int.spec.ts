import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { pause, Stage, until } from '../support/engine/stage.js';

const LOANS = loans(200);
const LATER = loans(100, 'later');
/** Longer than the broker waits for a silent connection: it gives the work to the other one meanwhile. */
const STOPPED_MS = 20_000;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('completes every loan once although one sleeps in a transaction for 20 s and wakes, and then the other is killed', async () => {
  const sleeper = await EngineProcess.start(stage.env());
  const other = await EngineProcess.start(stage.env());
  const ends = await stage.hear('instance.completed.#');
  try {
    const asleep = sleeper.sleepAt('written', 20);
    await stage.start(LOANS);
    await asleep;
    const running = await stage.running(LOANS);
    expect(running, 'loans that were running when it fell asleep').toBeGreaterThan(0);
    await pause(STOPPED_MS);
    // What the sleeper's transaction holds must wait. How fast the other gets through the rest is the loans' own pace.
    let looks = 0;
    const onlyHeld = async (): Promise<boolean> => {
      // One look is not enough: the other locks, for a moment, what it is just writing.
      looks = (await stage.unlocked(LOANS)) === 0 ? looks + 1 : 0;
      return looks === 20;
    };
    await until('the other one to finish what the sleeper does not hold', onlyHeld, 60_000);
    const over = await stage.count('ended_at IS NOT NULL');
    expect(over, 'loans that are over although the sleeper holds some').toBeLessThan(LOANS.length);
    sleeper.signal('SIGCONT');
    await stage.allOver(LOANS, 60_000);
    await stage.check(LOANS);
    const { 'delivery.taken': taken = 0 } = await sleeper.tally();
    expect(taken, 'deliveries of the one that slept').toBeGreaterThan(0);

    await stage.start(LATER);
    await stage.ledger.reaches(stage.ledger.calls.length + 80);
    await other.kill();
    expect(await stage.running(LATER), 'loans that were running when it was killed').toBeGreaterThan(0);
    await stage.allOver(LATER, 60_000);
    await stage.check(LATER);
    // An end is told after its commit, by whoever committed it: told twice would be committed twice.
    expect(ends.ids.length).toBe(new Set(ends.ids).size);
    expect(ends.ids.length, 'ends that were told').toBeGreaterThan(LOANS.length);
  } finally {
    sleeper.signal('SIGCONT');
    await ends.close();
    await Promise.all([sleeper.kill(), other.kill()]);
  }
}, 240_000);
