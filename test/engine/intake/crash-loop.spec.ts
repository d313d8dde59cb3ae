import { afterEach, describe, expect, it } from 'vitest';
import type { TaskHandler } from '../../../src/engine/ports/handlers.js';
import { EngineBench, until } from '../bench.js';

/** Answers nobody; ends when the engine is taken away, as a process would. */
const never: TaskHandler = (_, { signal }) =>
  new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)));

const flowOf = (tasks: string): string => `flow: crash
nodes:
  begin: { start: true }
  go: { gateway: parallel }
${tasks}
  met: { join: all }
  done: { end: success }
edges:
  - begin -> go
`;
const ONE = `flow: one
nodes: { begin: { start: true }, a: { task: fatal }, done: { end: success } }
edges: [begin -> a -> done]
`;
const TWO = `${flowOf('  a: { task: fatal }\n  b: { task: innocent }')}  - go -> a
  - go -> b
  - a & b -> met
  - met -> done
`;

describe('a handler that never lets its process answer', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  /** Starts an engine, waits till the handler runs (or the task is held), and takes the engine away from under it. */
  async function live(id: string, begun: () => number): Promise<'ran' | 'held'> {
    const before = begun();
    const engine = await bench.engine();
    const how = await until('a run or an incident', async () => {
      if (begun() > before) return 'ran' as const;
      return (await bench.instance(id))?.status === 'incident' && ('held' as const);
    });
    await engine.stop();
    return how;
  }

  it('is delivered twice as ever, then four times on account, then is the incident CRASH_LOOP', async () => {
    let begun = 0;
    bench = new EngineBench(
      {
        fatal: (...of) => {
          begun += 1;
          return never(...of);
        },
      },
      ONE,
    );
    const first = await bench.engine();
    const id = await bench.start(first, 'one');
    await until('the first run', () => begun === 1);
    await first.stop();
    const lives = [];
    for (let at = 0; at < 6; at++) lives.push(await live(id, () => begun));
    expect(lives).toEqual(['ran', 'ran', 'ran', 'ran', 'ran', 'held']);
    expect(begun).toBe(6);
    expect(await bench.views.instance(id)).toMatchObject({
      instance: { status: 'incident', incidents: 1 },
      incidents: [{ node: 'a', code: 'CRASH_LOOP' }],
      attempts: [{ node: 'a', attempt: 1, how: 'failed', error: { code: 'CRASH_LOOP' } }],
    });
    expect(bench.log.errors).toEqual([expect.stringContaining('CRASH_LOOP')]);
  });

  it('runs on when it answers at last', async () => {
    let begun = 0;
    let heal = false;
    bench = new EngineBench(
      {
        fatal: (...of) => {
          begun += 1;
          return heal ? { ok: true } : never(...of);
        },
      },
      ONE,
    );
    const first = await bench.engine();
    const id = await bench.start(first, 'one');
    await until('the first run', () => begun === 1);
    await first.stop();
    for (let at = 0; at < 3; at++) await live(id, () => begun);
    heal = true;
    const last = await bench.engine();
    await until('the end', async () => (await bench.instance(id))?.status === 'completed');
    expect(begun).toBe(5);
    expect([last.tally.get('delivery.claimed'), last.tally.get('crash.loops')]).toEqual([1, 0]);
  });

  it('does not hold its neighbours, which run alone at last and end', async () => {
    let begun = 0;
    let innocent = 0;
    const handlers: Record<string, TaskHandler> = {
      fatal: (...of) => {
        begun += 1;
        return never(...of);
      },
      // As long as the culprit is not on account it takes its neighbour along.
      innocent: (...of) => {
        innocent += 1;
        return begun < 5 ? never(...of) : { ok: true };
      },
    };
    bench = new EngineBench(handlers, TWO);
    const first = await bench.engine();
    const id = await bench.start(first, 'crash');
    await until('both run', () => begun === 1 && innocent === 1);
    await first.stop();
    let lives = 0;
    while ((await live(id, () => begun)) === 'ran') lives += 1;
    expect(lives).toBe(5);
    await bench.engine();
    await until('the neighbour', () => bench.rows.entry({ instance: id, node: 'b', visit: 1 })?.node.status === 'done');
    const view = await bench.views.instance(id);
    expect(view?.incidents.map(({ node, code }) => [node, code])).toEqual([['a', 'CRASH_LOOP']]);
  });

  it('costs a delivery that is no suspect nothing', async () => {
    bench = new EngineBench({ fatal: () => ({ ok: true }) }, ONE);
    const engine = await bench.engine();
    const id = await bench.start(engine, 'one');
    await until('the end', async () => (await bench.instance(id))?.status === 'completed');
    expect(engine.tally.get('delivery.claimed')).toBe(0);
    expect(engine.tally.get('commit.events')).toBe(1);
  });
});
