import { afterAll, beforeAll, expect, it } from 'vitest';
import { loans } from '../support/engine/expected.js';
import { EngineProcess } from '../support/engine/process.js';
import { Stage, until } from '../support/engine/stage.js';

const LOANS = loans(200);
const LATER = loans(12, 'later');

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage.close());

it('finishes 200 running loans and takes new ones although nothing of it is left on the broker', async () => {
  const engine = await EngineProcess.start(stage.env());
  try {
    await stage.start(LOANS);
    // A start that nobody has read is still its sender's: it must be stored before it is the engine's.
    await until('all starts to be stored', async () => (await stage.instancesOf(LOANS)).length === LOANS.length);
    // All at once for the engine: RabbitMQ 3.10 may break when a queue is deleted in the moment in which it is made anew.
    engine.signal('SIGSTOP');
    await deleteEverything().finally(() => engine.signal('SIGCONT'));
    expect(await stage.running(LOANS), 'loans that were running then').toBeGreaterThan(0);
    await stage.allOver(LOANS, 60_000);
    await stage.check(LOANS);

    await stage.start(LATER);
    await stage.allOver(LATER);
    await stage.check(LATER);
  } finally {
    await engine.kill();
  }
}, 120_000);

const deleteEverything = (): Promise<void> =>
  stage.onBroker(async (channel) => {
    for (const { name } of stage.topology.queues) await channel.deleteQueue(name);
    for (const { name } of stage.topology.exchanges) await channel.deleteExchange(name);
  });
