import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { UNKNOWN_LATENCY } from '../../../src/core/routing/health/latency.js';
import { DATABASE_TIMER } from '../../../src/core/routing/lane.js';
import { Partners } from '../partners.js';

const SOURCE = `
flow: paying
nodes:
  begin: { start: true }
  pick: { gateway: exclusive }
  pay: { task: bank.pay, circuit: { by: input.bank }, retry: { local: [], remote: [5s], max: 50 } }
  other: { task: bank.pay, circuit: { by: "'spare'" }, in: { input: { bank: "'spare'" } }, delay: { when: circuit.open, for: 26h } }
  done: { end: paid }
edges:
  - begin -> pick
  - pick -> pay: not circuit.open
  - pick -> other: else
  - pay & other -> done
`;
const SOUTH = 'bank.pay[bank=south]';

describe('an edge that asks of a circuit', () => {
  let world: Partners;
  beforeEach(async () => {
    world = new Partners({ source: SOURCE });
    await world.engine.start();
  });
  afterEach(async () => {
    const stopped = world.engine.stop();
    await world.pass(60_000);
    await stopped;
  });
  const startMany = async (count: number): Promise<string[]> => {
    const ids = await Promise.all(Array.from({ length: count }, () => world.start('south')));
    await world.pass(1_000);
    return ids;
  };
  const nodesOf = async (id: string) => (await world.drawn(id)).nodes.map(({ node }) => node).sort();

  it('takes the second bank while the first is down, says by what, and goes back to the first bank', async () => {
    world.down.add('south');
    await startMany(8);
    expect(world.stateOf(SOUTH)).toBe('open');
    const [id = '', ...more] = await startMany(10);
    for (const one of [id, ...more]) expect((await world.drawn(one)).instance.status).toBe('completed');
    expect(await nodesOf(id)).toEqual(['begin', 'done', 'other', 'pick']);
    const { nodes } = await world.drawn(id);
    expect(nodes.find(({ node }) => node === 'pick')?.receipt?.asked).toEqual([
      { node: 'pay', subject: SOUTH, open: true, said: `the circuit of ${SOUTH} is open: 5 failures in a row` },
    ]);
    expect(nodes.find(({ node }) => node === 'other')?.receipt).toMatchObject({
      subject: "bank.pay['spare'=spare]",
      asked: [{ node: 'other', open: false }],
    });

    world.down.delete('south');
    await world.pass(120_000);
    for (let round = 0; round < 6 && world.stateOf(SOUTH) !== 'closed'; round++) {
      await startMany(5);
      await world.pass(60_000);
    }
    expect(world.stateOf(SOUTH)).toBe('closed');
    const [last = ''] = await startMany(1);
    expect(await nodesOf(last)).toEqual(['begin', 'done', 'pay', 'pick']);
  });

  it('is told of a first attempt that waited for it, also when it has been kept by the database and went', async () => {
    const since = world.clock.now();
    const opened = { state: 'open', since, until: since + 3_600_000, opens: 1, cause: 'down' } as const;
    for (const subject of [SOUTH, "bank.pay['spare'=spare]"])
      world.engine.router.health.adopt({ subject, circuit: opened, latency: UNKNOWN_LATENCY, version: 1 }, since);
    const [id = ''] = await startMany(1);
    const other = async () => (await world.drawn(id)).nodes.find(({ node }) => node === 'other');
    const asked = [{ node: 'other', subject: "bank.pay['spare'=spare]", open: true }];
    expect(await other()).toMatchObject({ status: 'ready', queue: DATABASE_TIMER, receipt: { asked } });
    world.clock.advance(26 * 3_600_000);
    await world.pass(60_000);
    expect(await other()).toMatchObject({ status: 'done', attempt: 1, receipt: { asked } });
  });
});
