import { afterEach, describe, expect, it } from 'vitest';
import { EngineBench, until } from '../bench.js';

const flow = (node: string): string =>
  `flow: loan\nnodes:\n  begin: { start: true }\n  score: ${node}\n  told: { task: tell, in: { n: score.n } }\n  done: { end: done }\nedges:\n  - begin -> score -> told -> done\n`;

describe('a task with a cache', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  async function run(
    node: string,
    inputs: readonly object[],
  ): Promise<{ calls: number; told: unknown[]; tally: number[] }> {
    let calls = 0;
    const told: unknown[] = [];
    const handlers = {
      'credit.score': () => ({ n: ++calls }),
      tell: (input: object) => void told.push(input),
    };
    bench = new EngineBench(handlers, flow(node));
    const engine = await bench.engine();
    for (const input of inputs) {
      const id = await bench.start(engine, 'loan', input);
      await until('the end', async () => (await bench.instance(id))?.status === 'completed');
    }
    return { calls, told, tally: [engine.tally.get('cache.hit'), engine.tally.get('cache.miss')] };
  }

  it('asks once for equal keys over instances, and every instance has the answer as its own', async () => {
    const node = '{ task: credit.score, in: { all: input }, cache: { ttl: 1h, key: input.id } }';
    const done = await run(node, [
      { id: 'a', x: 1 },
      { id: 'a', x: 2 },
      { id: 'b', x: 1 },
    ]);
    expect(done).toEqual({ calls: 2, told: [{ n: 1 }, { n: 1 }, { n: 2 }], tally: [1, 2] });
  });

  it('without a key asks once for equal inputs, in whatever order their members are', async () => {
    const node = '{ task: credit.score, in: { who: input }, cache: { ttl: 1h } }';
    const done = await run(node, [
      { id: 'a', x: 1 },
      { x: 1, id: 'a' },
      { id: 'a', x: 2 },
    ]);
    expect(done.calls).toBe(2);
  });

  it('shares nothing where the key is null', async () => {
    const node = '{ task: credit.score, in: { all: input }, cache: { ttl: 1h, key: input.missing } }';
    expect(await run(node, [{ id: 'a' }, { id: 'a' }])).toMatchObject({ calls: 2, tally: [0, 0] });
  });

  it('fails for good where the key has no answer', async () => {
    bench = new EngineBench(
      { 'credit.score': () => ({}), tell: () => null },
      flow('{ task: credit.score, in: { a: input }, cache: { ttl: 1h, key: input.n > 1 } }'),
    );
    const engine = await bench.engine();
    const id = await bench.start(engine, 'loan', { n: 'text' });
    await until('the incident', async () => (await bench.instance(id))?.status === 'incident');
  });
});
