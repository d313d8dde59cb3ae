import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { OutgoingEvent } from '../../../src/engine/ports/broker.js';
import { Partners } from '../partners.js';

/** Three tries of the handler per delivery, then three ways through the delays, then nothing more. */
const PAYING = `
flow: paying
nodes:
  begin: { start: true }
  pay:
    task: bank.pay
    circuit: { by: input.bank }
    retry: { local: [100ms, 300ms], remote: [5s, 30s, 120s], max: 3 }
  done: { end: paid }
edges:
  - begin -> pay -> done
`;

describe('a partner that never answers', () => {
  let world: Partners;
  let events: OutgoingEvent[];
  beforeEach(async () => {
    world = new Partners({ source: PAYING });
    events = [];
    world.broker.onEvent((event) => events.push(event));
    await world.engine.start();
    world.down.add('south');
  });
  afterEach(async () => {
    const stopped = world.engine.stop();
    await world.pass(60_000);
    await stopped;
  });

  it('is tried at once, after 5, 30 and 120 s, and then the node stands still with an incident and an alert', async () => {
    const id = await world.start('south');
    const seen: string[] = [];
    for (const ms of [500, 5_500, 31_000, 121_000]) {
      await world.pass(ms);
      const { pay } = await world.show(id);
      seen.push(`${world.calls.get('south')} calls, attempt ${pay.attempt}, ${pay.status}, ${pay.reason}`);
    }
    expect(seen).toEqual([
      '3 calls, attempt 2, ready, normal: attempt 2, no rule says otherwise after 5000 ms',
      '6 calls, attempt 3, ready, retry: attempt 3 is the third or later after 30000 ms',
      '9 calls, attempt 4, ready, retry: attempt 4 is the third or later after 120000 ms',
      '12 calls, attempt 4, incident, retry: attempt 4 is the third or later after 120000 ms',
    ]);
    expect((await world.show(id)).status).toBe('incident');
    const attempts = await world.attemptsOf(id);
    expect(attempts.map(({ attempt, how, decision, lane }) => [attempt, how, decision, lane])).toEqual([
      [1, 'failed', 'retried in 5 s', 'normal'],
      [2, 'failed', 'retried in 30 s', 'normal'],
      [3, 'failed', 'retried in 120 s', 'retry'],
      [4, 'failed', 'became the incident EXHAUSTED', 'retry'],
    ]);
    const alerts = events.filter(({ routingKey }) => routingKey === 'incident.raised.paying');
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.body).toMatchObject({ instance: id, node: 'pay', code: 'EXHAUSTED' });
    await world.pass(600_000);
    expect(world.calls.get('south'), 'calls after the budget was used up').toBe(12);
  });

  it('goes on where a person retries it once it is back', async () => {
    const id = await world.start('south');
    await world.pass(200_000);
    world.down.clear();
    await world.engine.retryIncidents.execute({ instance: id, only: { node: 'pay', visit: 1 }, by: 'a person' });
    await world.pass(1_000);
    expect((await world.show(id)).status).toBe('completed');
  });
});
