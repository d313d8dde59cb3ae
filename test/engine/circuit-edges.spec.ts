import { afterEach, describe, expect, it } from 'vitest';
import { Partners } from './partners.js';

const SOURCE = `
flow: paying
nodes:
  begin: { start: true }
  pick: { gateway: exclusive }
  pay: { task: bank.pay, circuit: { by: input.bank }, retry: { local: [], remote: [5s], max: 50 } }
  other: { task: bank.pay, circuit: { by: "'spare'" }, in: { input: { bank: "'spare'" } }, delay: { when: circuit.open, for: 1h } }
  done: { end: paid }
edges:
  - begin -> pick
  - pick -> pay: not circuit.open
  - pick -> other: else
  - pay & other -> done
`;
const SOUTH = 'bank.pay[bank=south]';

describe('an edge that asks of a circuit', () => {
  const world = new Partners({ source: SOURCE });
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
    await world.engine.start();
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
});
