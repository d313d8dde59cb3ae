import { afterEach, describe, expect, it } from 'vitest';
import { instanceDiagram } from '../../../src/core/diagram/mermaid.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { Partners } from '../partners.js';

const source = (task: string): string => `
flow: paying
nodes:
  begin: { start: true }
  pay: { task: bank.pay, ${task} }
  done: { end: paid }
  none: { end: none }
edges:
  - begin -> pay
  - pay -> done: result.bank != "nobody"
  - pay -> none: else
`;
const FALLBACK = 'circuit: { by: input.bank, fallback: { bank: "\'nobody\'", asked: input.bank } }';
const SOUTH = 'bank.pay[bank=south]';

describe('a node with a fallback', () => {
  let world: Partners;
  const open = async (task: string, more: ConstructorParameters<typeof Partners>[0] = {}): Promise<void> => {
    world = new Partners({ source: source(task), ...more });
    await world.engine.start();
  };
  afterEach(async () => {
    const stopped = world.engine.stop();
    await world.pass(60_000);
    await stopped;
  });
  const startMany = (bank: string, count: number): Promise<string[]> =>
    Promise.all(Array.from({ length: count }, () => world.start(bank)));
  const fail = async (): Promise<void> => {
    world.down.add('south');
    await startMany('south', 8);
    await world.pass(100);
    expect(world.stateOf(SOUTH)).toBe('open');
  };

  it('gives its fallback at once while its circuit is open, at no attempt and without asking', async () => {
    await open(`${FALLBACK}, retry: { local: [], remote: [5s], max: 50 }`);
    await fail();
    const called = world.calls.get('south');
    const ids = await startMany('south', 20);
    await world.pass(1_000);
    for (const id of ids) {
      const { status, pay, outcome } = await world.show(id);
      expect([status, outcome, pay.attempt, pay.output]).toEqual([
        'completed',
        'none',
        1,
        { bank: 'nobody', asked: 'south' },
      ]);
      expect(pay.reason).toMatch(/^degraded: the circuit of bank\.pay\[bank=south\] is open: 5 failures in a row$/);
      expect(pay.receipt).toMatchObject({ degraded: true, code: 'circuit.fallback', subject: SOUTH });
    }
    expect(world.calls.get('south')).toBe(called);
    expect(world.engine.tally.get('delivery.degraded')).toBeGreaterThanOrEqual(20);
    expect(world.engine.tally.get('delivery.deferred')).toBe(0);
    // Those that had failed before are retried after 5 s, and degrade then.
    await world.pass(10_000);
    expect(world.calls.get('south')).toBe(called);
  });

  it('asks again when its partner is back: fallbacks are no calls that went well, nor ill', async () => {
    await open(FALLBACK);
    await fail();
    await startMany('south', 30);
    await world.pass(1_000);
    const sums = world.engine.router.report().find(({ subject }) => subject === SOUTH);
    expect([sums?.calls, sums?.failed]).toEqual([world.calls.get('south'), world.calls.get('south')]);
    world.down.delete('south');
    await world.pass(35_000);
    const probing = await startMany('south', 5);
    await world.pass(1_000);
    const gave = await Promise.all(probing.map(async (id) => (await world.show(id)).pay));
    expect(gave.filter(({ receipt }) => !receipt?.degraded).length).toBeGreaterThanOrEqual(4);
    expect(gave.find(({ receipt }) => !receipt?.degraded)?.output).toEqual({ bank: 'south' });
    await world.pass(100_000);
    const after = world.engine.router.report().find(({ subject }) => subject === SOUTH);
    expect(after?.circuit.state).toBe('closed');
  });

  it('reads what its `in` does not', async () => {
    await open(`in: { x: "1" }, ${FALLBACK}`, {
      handler: () => {
        throw new Error('down');
      },
    });
    await startMany('south', 8);
    await world.pass(100);
    const id = await world.start('south');
    await world.pass(1_000);
    expect((await world.show(id)).pay.output).toEqual({ bank: 'nobody', asked: 'south' });
  });

  it.each([
    ['cannot be worked out', 'input.bank + 1', /^EXPRESSION_/],
    ['is too much', '{ a: input.long }', /^RESULT_TOO_LARGE$/],
  ])('fails for good when its fallback %s', async (_, value, code) => {
    await open(`circuit: { fallback: { bank: ${value} } }`);
    world.down.add('south');
    await startMany('south', 8);
    await world.pass(100);
    const long = 'x'.repeat(70_000);
    const answer = await world.engine.startInstance.execute({ flow: 'paying', input: { bank: 'south', long } });
    await world.pass(1_000);
    const { status, pay } = await world.show(answer.ok ? answer.value.id : '');
    expect([status, pay.status]).toEqual(['incident', 'incident']);
    expect(pay.error?.code).toMatch(code);
  });

  it('is drawn as degraded', async () => {
    await open(FALLBACK);
    await fail();
    const id = await world.start('south');
    await world.pass(1_000);
    const { definition } = readDefinition(source(FALLBACK), 'paying.flow.yaml');
    const drawn = instanceDiagram(definition as NonNullable<typeof definition>, await world.drawn(id));
    expect(drawn).toContain('class n_pay degraded');
    expect(drawn).toMatch(/classDef degraded fill/);
  });
});
