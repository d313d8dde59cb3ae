import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ApplyRequest, type Changes, StoreUnavailable } from '../../../src/engine/ports/store.js';
import { EngineBench, until } from '../bench.js';

const STEP = `flow: step
nodes: { begin: { start: true }, a: { task: work, in: { id: input.id } }, done: { end: success } }
edges: [begin -> a -> done]
`;
const COUNT = 40;

describe('a database that answers with an error that nobody knows', () => {
  let bench: EngineBench;
  /** Whether a change is refused. */
  let refuses: (change: Changes) => boolean;

  beforeEach(() => {
    refuses = () => false;
    bench = new EngineBench({ work: ({ id }) => ({ of: id ?? null }) }, STEP);
    // What is waited for between tries is not what is tested.
    const { clock, store } = bench;
    const schedule = clock.schedule.bind(clock);
    clock.schedule = (ms, wake) => schedule(Math.min(ms, 10), wake);
    const apply = store.apply.bind(store);
    store.apply = (request: ApplyRequest) =>
      apply({
        ...request,
        decide: (...of) => {
          const changes = request.decide(...of);
          if (changes.some((change) => refuses(change))) throw new StoreUnavailable('?', { unclassified: true });
          return changes;
        },
      });
  });
  afterEach(() => bench.end());

  const startAll = async () => {
    const engine = await bench.engine({ sweepQuietMs: 3_600_000 });
    const ids: string[] = [];
    for (let at = 0; at < COUNT; at++) ids.push(await bench.start(engine, 'step', { id: at }));
    return { engine, ids };
  };
  const statuses = async () => (await bench.views.counts())['step'] ?? {};

  it('keeps an incident of the event that it refuses, and stores all others', async () => {
    refuses = ({ outputs }) => outputs.some(({ output }) => JSON.stringify(output) === '{"of":13}');
    const { engine, ids } = await startAll();
    await until('all but one', async () => (await statuses()).completed === COUNT - 1);
    await until('the incident', async () => (await statuses()).incident === 1);
    const view = await bench.views.instance(ids[13] as string);
    expect(view?.incidents).toMatchObject([{ node: 'a', code: 'PERMANENT_FAILURE' }]);
    expect(view?.attempts).toMatchObject([{ error: { code: 'NOT_STORABLE' } }]);
    expect(engine.tally.get('commit.broken')).toBe(1);
    expect(engine.tally.get('commit.away')).toBeGreaterThanOrEqual(10);
  });

  it('makes no incident of anything while it refuses everything', async () => {
    refuses = ({ nodes }) => nodes.length > 0;
    const { engine } = await startAll();
    await until('some rounds', () => engine.tally.get('commit.away') > 35);
    expect(engine.tally.get('commit.broken')).toBe(0);
    refuses = () => false;
    await until('the end of all', async () => (await statuses()).completed === COUNT);
    expect((await statuses()).incident).toBeUndefined();
  });

  it('keeps nobody back for an event that it never takes, nor its incident', async () => {
    let refused: string | undefined;
    refuses = ({ instance }) => instance.id === refused;
    const engine = await bench.engine({ sweepQuietMs: 3_600_000 });
    refused = await bench.start(engine, 'step', { id: -1 });
    for (let at = 0; at < COUNT; at++) await bench.start(engine, 'step', { id: at });
    await until('all others', async () => (await statuses()).completed === COUNT);
    expect(await statuses()).toMatchObject({ running: 1 });
    refused = undefined;
    await until('the last one', async () => (await statuses()).completed === COUNT + 1);
    expect(engine.tally.get('commit.broken')).toBe(0);
  });
});

describe('a definition that this release cannot read', () => {
  it('is the incident INTERNAL, not a round without end, and a retry goes on when it can be read', async () => {
    const bench = new EngineBench({ work: () => ({ ok: true }) }, STEP);
    const { catalog } = bench;
    const [get, cached] = [catalog.get.bind(catalog), catalog.cached.bind(catalog)];
    try {
      const engine = await bench.engine();
      const real = bench.broker.publish.bind(bench.broker);
      bench.broker.publish = async (dispatches) => {
        // Started by another release, a moment before this one came up.
        catalog.get = async () => {
          throw new Error('Expected it to be readable, but it was written for another release.');
        };
        catalog.cached = () => undefined;
        return real(dispatches);
      };
      const id = await bench.start(engine, 'step', { id: 1 });
      await until('the incident', async () => (await bench.instance(id))?.status === 'incident');
      const view = await bench.views.instance(id);
      expect(view?.incidents).toMatchObject([{ node: 'a', code: 'INTERNAL' }]);
      expect(view?.incidents[0]?.message).toContain('written for another release');
      expect(engine.inHand.size).toBe(0);
      expect(engine.tally.get('delivery.released')).toBe(0);

      bench.broker.publish = real;
      catalog.get = get;
      catalog.cached = cached;
      expect(await engine.retryIncidents.execute({ instance: id, only: null, by: 'ops' })).toMatchObject({
        ok: true,
      });
      await until('the end', async () => (await bench.instance(id))?.status === 'completed');
    } finally {
      await bench.end();
    }
  });
});
