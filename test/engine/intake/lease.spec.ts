import { afterEach, describe, expect, it } from 'vitest';
import type { Consumer } from '../../../src/engine/ports/broker.js';
import type { TaskHandler } from '../../../src/engine/ports/handlers.js';
import { EngineBench, until } from '../bench.js';

const FLOW = `flow: long
nodes: { begin: { start: true }, work: { task: work, timeout: 2h, lease: true }, done: { end: success } }
edges: [begin -> work -> done]
`;
/** Short enough to wait for, long enough for a slow machine to renew in time. */
const LEASE = { leaseMs: 600, leaseEveryMs: 50 };

const pause = (ms: number): Promise<void> => new Promise((wake) => setTimeout(wake, ms));

/** Answers when it is told to, or when it is told to stop. */
class Slow {
  readonly attempts: number[] = [];
  readonly stopped: number[] = [];
  private answers: (() => void)[] = [];

  readonly handler: TaskHandler = (_, { attempt, signal }) =>
    new Promise((resolve, reject) => {
      this.attempts.push(attempt);
      this.answers.push(() => resolve({ of: attempt }));
      signal.addEventListener('abort', () => {
        this.stopped.push(attempt);
        reject(signal.reason);
      });
    });

  answer(): void {
    for (const answer of this.answers.splice(0)) answer();
  }
}

describe('a leased attempt', () => {
  const slow = { current: new Slow() };
  let bench: EngineBench;
  afterEach(() => bench.end());

  const open = (): Slow => {
    slow.current = new Slow();
    bench = new EngineBench({ work: slow.current.handler }, FLOW);
    return slow.current;
  };
  const row = (id: string) => bench.rows.entry({ instance: id, node: 'work', visit: 1 })?.node;
  const isOver = async (id: string) => (await bench.instance(id))?.status === 'completed';

  it('leaves nothing in the broker or in hand, renews, and ends by its answer', async () => {
    const work = open();
    const engine = await bench.engine(LEASE);
    const id = await bench.start(engine, 'long');
    await until('the handler', () => work.attempts.length === 1);
    await until('the acknowledgement', () => engine.inHand.size === 0);
    expect(await bench.broker.depth('normal')).toBe(0);
    expect(row(id)).toMatchObject({ status: 'ready', queue: -1, attempt: 1 });
    const report = await engine.reportRepair.execute();
    expect([report.leases, report.inHand]).toEqual([1, 0]);
    await pause(3 * LEASE.leaseMs);
    work.answer();
    await until('the end', () => isOver(id));
    expect(work.attempts).toEqual([1]);
    expect(work.stopped).toEqual([]);
    expect(engine.tally.all()).toMatchObject({ 'lease.taken': 1 });
    expect(engine.tally.get('lease.expired')).toBe(0);
    expect((await engine.reportRepair.execute()).leases).toBe(0);
  });

  it('is given back by an engine that stops, and begun by another at once, the same attempt', async () => {
    const work = open();
    const first = await bench.engine({ ...LEASE, leaseMs: 60_000 });
    const id = await bench.start(first, 'long');
    await until('the handler', () => work.attempts.length === 1);
    await first.stop();
    expect(first.tally.get('lease.returned')).toBe(1);
    await bench.engine(LEASE);
    await until('the handler again', () => work.attempts.length === 2);
    expect(work.attempts).toEqual([1, 1]);
    work.answer();
    await until('the end', () => isOver(id));
  });

  it('of an engine that is gone begins anew when the lease has ended, and not before; late words are rejected', async () => {
    const work = open();
    const consume = bench.broker.consume.bind(bench.broker);
    const consumers: Consumer[] = [];
    bench.broker.consume = async (...of) => {
      const consumer = await consume(...of);
      consumers.push(consumer);
      return consumer;
    };
    const first = await bench.engine({ ...LEASE, leaseEveryMs: 60_000 });
    bench.broker.consume = consume;
    const id = await bench.start(first, 'long');
    await until('the handler', () => work.attempts.length === 1);
    // As if it was cut off from the broker and the database: it renews nothing, and its answer comes late.
    for (const consumer of consumers) await consumer.stop();
    const { store } = bench;
    const apply = store.apply.bind(store);
    const held: (() => void)[] = [];
    store.apply = (request) => new Promise((answer) => held.push(() => answer(apply(request))));
    await pause(LEASE.leaseMs / 2);
    expect(held.length).toBeGreaterThan(0);
    store.apply = apply;
    const before = row(id)?.wakeAt ?? 0;
    const second = await bench.engine(LEASE);
    await until('the second attempt', () => work.attempts.length === 2);
    expect(Date.now()).toBeGreaterThanOrEqual(before);
    expect(second.tally.get('lease.expired')).toBe(1);
    for (const go of held) go();
    await until('the first handler is told to stop', () => work.stopped.includes(1));
    expect(first.tally.get('lease.lost')).toBe(1);
    work.answer();
    await until('the end', () => isOver(id));
    const view = await bench.views.instance(id);
    expect(view?.nodes.find(({ node }) => node === 'work')).toMatchObject({ attempt: 2, output: { of: 2 } });
    expect(view?.attempts).toMatchObject([{ attempt: 1, error: { code: 'LEASE_EXPIRED' }, decision: 'began anew' }]);
  });

  it('is told to stop when its instance is cancelled', async () => {
    const work = open();
    const engine = await bench.engine(LEASE);
    const id = await bench.start(engine, 'long');
    await until('the handler', () => work.attempts.length === 1);
    await engine.cancelInstance.execute({ instance: id, by: 'ops' });
    await until('the signal', () => work.stopped.length === 1);
    expect(engine.tally.get('lease.lost')).toBe(1);
  });

  it('waits while as many as may run do', async () => {
    const work = open();
    const engine = await bench.engine({ ...LEASE, leases: 1 });
    const [one, other] = [await bench.start(engine, 'long'), await bench.start(engine, 'long')];
    await until('one handler and one that is put off', () => engine.tally.get('lease.full') === 1);
    expect(work.attempts).toHaveLength(1);
    const rows = [row(one), row(other)].map((it) => it?.queue).sort();
    expect(rows[0]).toBe(-1);
    const waiting = [row(one), row(other)].find((it) => it?.queue !== -1);
    expect((waiting?.wakeAt ?? 0) - Date.now()).toBeGreaterThan(10_000);
  });
});
