import { afterEach, describe, expect, it } from 'vitest';
import { StoreUnavailable } from '../../../src/engine/ports/store.js';
import { EngineBench, until } from '../bench.js';

const STEP = `flow: step
nodes: { begin: { start: true }, a: { task: work, in: { id: input.id } }, done: { end: success } }
edges: [begin -> a -> done]
`;
/** Long enough for the third try of each who asks: after 50, 200 and 1,000 ms. */
const AWAY_MS = 1_500;
const MOST_TRIES = 4;

describe('an engine whose database is away', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  it('starts as soon as the database answers, though it is away when the engine asks for the first time', async () => {
    bench = new EngineBench({ work: async () => ({ ok: true }) }, STEP);
    const real = bench.store.now.bind(bench.store);
    let asked = 0;
    bench.store.now = () => (++asked <= 2 ? Promise.reject(new StoreUnavailable('away')) : real());
    const engine = await bench.engine();
    const id = await bench.start(engine, 'step', { id: 1 });
    await until('the end', async () => (await bench.instance(id))?.status === 'completed');
    expect(asked).toBeGreaterThan(2);
  });

  it('keeps what it has in hand, asks seldom, gives nothing back, and runs no handler twice', async () => {
    let asked = 0;
    let away = false;
    let finish = (): void => {};
    const finished = new Promise<void>((wake) => (finish = wake));
    const handlers = {
      work: async () => {
        asked += 1;
        await finished;
        return { ok: true };
      },
    };
    bench = new EngineBench(handlers, STEP);
    const calls: Record<string, number> = {};
    for (const name of ['apply', 'read', 'start', 'quarantine', 'successors'] as const) {
      const real = bench.store[name].bind(bench.store) as (...given: unknown[]) => Promise<never>;
      bench.store[name] = ((...given: unknown[]) => {
        if (!away) return real(...given);
        calls[name] = (calls[name] ?? 0) + 1;
        // A connection that is refused takes its time too.
        return new Promise((_, reject) => setTimeout(() => reject(new StoreUnavailable('away')), 5));
      }) as never;
    }
    const engine = await bench.engine();
    for (let at = 0; at < 200; at++) await bench.start(engine, 'step', { id: at });
    await until('every handler to run', () => asked === 200);

    away = true;
    finish();
    for (let at = 0; at < 150; at++) bench.broker.publishStart('step', { id: at }, { messageId: `m-${at}` });
    for (let at = 0; at < 8; at++) bench.broker.publishStart('step', new TextEncoder().encode('no json'));
    await new Promise((wake) => setTimeout(wake, AWAY_MS));
    expect(engine.tally.get('delivery.released')).toBe(0);
    // One committer. Starts gather while one of them asks: each for itself would have asked 450 times and more.
    expect(calls['apply']).toBeLessThanOrEqual(MOST_TRIES);
    expect(calls['start']).toBeLessThan(150);
    expect(calls['quarantine']).toBeLessThanOrEqual(8 * MOST_TRIES);
    expect(engine.tally.get('commit.away')).toBeGreaterThan(0);

    away = false;
    await until('the end of all', () => engine.tally.get('commit.events') >= 350);
    await until('the quarantine', async () => (await bench.views.quarantined({ limit: 50 })).items.length === 8);
    expect(asked).toBe(350);
    expect(bench.rows.instances.size).toBe(350);
    expect(engine.tally.get('delivery.taken')).toBe(350);
  });
});
