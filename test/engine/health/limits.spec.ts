import { afterEach, describe, expect, it } from 'vitest';
import type { TaskHandler } from '../../../src/engine/ports/handlers.js';
import { Partners } from '../partners.js';

const flow = (modifiers: string): string => `
flow: paying
nodes:
  begin: { start: true }
  pay: { task: bank.pay, ${modifiers} }
  done: { end: paid }
edges:
  - begin -> pay -> done
`;

/** A partner whose calls take a second, and who counts how many come at once. */
class Counted {
  now = new Map<string, number>();
  most = new Map<string, number>();
  readonly began: number[] = [];
  readonly world: Partners;

  constructor(modifiers: string, takesMs = 1_000, fails: (attempt: number) => void = () => {}) {
    const handler: TaskHandler = async (input, { attempt }) => {
      fails(attempt);
      const bank = String((input['input'] as { bank?: unknown } | undefined)?.bank ?? input['bank'] ?? '');
      this.began.push(this.world.clock.now());
      const now = (this.now.get(bank) ?? 0) + 1;
      this.now.set(bank, now);
      this.most.set(bank, Math.max(now, this.most.get(bank) ?? 0));
      await new Promise<void>((wake) => this.world.clock.schedule(takesMs, wake));
      this.now.set(bank, (this.now.get(bank) ?? 1) - 1);
      return { bank };
    };
    this.world = new Partners({ handler, source: flow(modifiers) });
  }
}

describe('a limit', () => {
  let counted: Counted;
  afterEach(async () => {
    const stopped = counted.world.engine.stop();
    await counted.world.pass(60_000);
    await stopped;
  });
  const run = async (ids: readonly string[], withinMs: number): Promise<void> => {
    await counted.world.pass(withinMs);
    for (const id of ids) expect((await counted.world.show(id)).status).toBe('completed');
  };
  const start = (bank: string, many: number) =>
    Promise.all(Array.from({ length: many }, () => counted.world.start(bank)));

  it('lets so many run at once of each value, and the others wait without an attempt', async () => {
    counted = new Counted('limit: { max: 3, by: input.bank }');
    await counted.world.engine.start();
    const ids = [...(await start('south', 12)), ...(await start('north', 2))];
    await counted.world.pass(500);
    const waiting = await Promise.all(ids.slice(0, 12).map((id) => counted.world.show(id)));
    const told = waiting.map(({ pay }) => pay.receipt?.code).filter(Boolean);
    expect(told).toEqual(Array(9).fill('limit.max'));
    const one = waiting.find(({ pay }) => pay.receipt?.code === 'limit.max');
    expect(one?.pay.reason).toMatch(
      /^normal: 3 of paying\.pay\[bank=south\] run at once, which is the most; looked at again in/,
    );
    await run(ids, 60_000);
    expect(Object.fromEntries(counted.most)).toEqual({ south: 3, north: 2 });
    for (const id of ids) expect((await counted.world.show(id)).pay.attempt).toBe(1);
    expect(counted.world.engine.tally.get('delivery.limited')).toBeGreaterThanOrEqual(9);
  });

  it('counts where `in` does not read what it goes by', async () => {
    counted = new Counted(`in: { bank: "'any'" }, limit: { max: 1, by: input.bank }`);
    await counted.world.engine.start();
    const ids = [...(await start('south', 2)), ...(await start('north', 2))];
    await run(ids, 30_000);
    expect(counted.most.get('any')).toBe(2);
  });

  it('may be a rate: so many begin in a time', async () => {
    counted = new Counted('rate: { max: 4, per: 10s }', 0);
    await counted.world.engine.start();
    const ids = await start('south', 12);
    await run(ids, 120_000);
    for (const [at, time] of counted.began.entries()) {
      const fifth = counted.began[at + 4];
      if (fifth !== undefined) expect(fifth - time).toBeGreaterThanOrEqual(10_000);
    }
  });

  it('may be a rule’s, for all flows and nodes that it is about', async () => {
    counted = new Counted('timeout: 20s');
    const match = { flow: null, node: null, handler: 'bank.pay', tag: null, dims: {}, attemptFrom: 1, attemptTo: 99 };
    const rule = { code: 'gently', match, lane: null, minDelayMs: 0, reason: 'by contract', limit: 2 };
    counted.world.engine.router.follow({ rules: [rule], overrides: [], version: 'v1' });
    await counted.world.engine.start();
    const ids = [...(await start('south', 5)), ...(await start('north', 5))];
    await counted.world.pass(100);
    expect((counted.most.get('south') ?? 0) + (counted.most.get('north') ?? 0)).toBe(2);
    await run(ids, 60_000);
  });

  it('frees its place when a handler fails', async () => {
    counted = new Counted('limit: { max: 1 }, retry: { remote: [1s], max: 3 }');
    const { world } = counted;
    await world.engine.start();
    const ids = await start('south', 3);
    await run(ids, 30_000);
    expect(counted.most.get('south')).toBe(1);
  });

  it('keeps retries to their share of the calls, and those that wait cost no attempt', async () => {
    let [firsts, retries] = [0, 0];
    counted = new Counted('retry: { remote: [1s], max: 100 }', 0, (attempt) => {
      if (attempt === 1) firsts += 1;
      else retries += 1;
      throw new Error('it is not back yet');
    });
    const match = { flow: null, node: null, handler: 'bank.pay', tag: null, dims: {}, attemptFrom: 1, attemptTo: 999 };
    const rule = { code: 'gently', match, lane: null, minDelayMs: 0, reason: 'first tries first', retryShare: 0.25 };
    const ignore = { code: 'go', match, lane: null, hold: false, ignoreCircuit: true, until: 8e15, reason: 'tested' };
    counted.world.engine.router.follow({ rules: [rule], overrides: [ignore], version: 'v1' });
    const told: string[] = [];
    counted.world.broker.onEvent(({ routingKey }) => told.push(routingKey));
    await counted.world.engine.start();
    const ids = await start('south', 60);
    await counted.world.pass(30_000);
    // Thirty seconds lie in one minute or in two.
    const spent = told.filter((key) => key === 'budget.spent.gently').length;
    expect([1, 2]).toContain(spent);
    expect(firsts).toBe(60);
    expect(retries).toBe(20);
    const kept = await Promise.all(ids.map((id) => counted.world.show(id)));
    const waiting = kept.filter(({ pay }) => pay.receipt?.code === 'limit.retries');
    expect(waiting.length).toBeGreaterThanOrEqual(40);
    expect(waiting[0]?.pay.attempt).toBeLessThanOrEqual(3);
    expect(waiting[0]?.pay.reason).toMatch(
      /20 of the last 80 calls of bank\.pay were retries, in 1 min, and 25 % may be; looked/,
    );
    expect(counted.world.engine.tally.get('retry.kept')).toBeGreaterThanOrEqual(40);
  });
});
