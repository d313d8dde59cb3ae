import { afterEach, describe, expect, it } from 'vitest';
import { inBatches, PermanentError } from '../../../src/engine/ports/handlers.js';
import { EngineBench, until } from '../bench.js';

const FLOW = `flow: loan
input: { type: object, required: [n], properties: { n: { type: number } } }
nodes:
  begin: { start: true }
  score: { task: credit.score, in: { n: input.n }, batch: { max: 50, within: 100ms }, retry: { remote: [10ms], max: 1 } }
  told: { task: tell, in: { n: input.n, score: score.score } }
  refused: { end: refused }
  done: { end: done }
edges:
  - begin -> score -> told -> done
  - score -> refused: on error UNKNOWN_LOAN
`;

describe('a task with batch', () => {
  let bench: EngineBench;
  afterEach(() => bench.end());

  it('makes one call of fifty for a thousand instances at once, and every instance has its own answer', async () => {
    const sizes: number[] = [];
    const told: unknown[] = [];
    const keys = new Set<string>();
    const score = inBatches((calls) => {
      sizes.push(calls.length);
      return calls.map(({ input, context }) => {
        keys.add(context.idempotencyKey);
        const n = Number(input['n']);
        if (n % 100 === 0) return new PermanentError('UNKNOWN_LOAN', 'There is no such loan.');
        // Once: it is another attempt then.
        if (n % 100 === 1 && context.attempt === 1) return new Error('busy');
        return { score: n * 2 };
      });
    });
    bench = new EngineBench({ 'credit.score': score, tell: (input) => void told.push(input) }, FLOW);
    const engine = await bench.engine();
    const numbers = Array.from({ length: 1_000 }, (_, n) => n);
    const ids = await Promise.all(numbers.map((n) => bench.start(engine, 'loan', { n })));
    await until('the ends', async () => {
      const states = await bench.views.states(ids);
      return states.items.every(({ instance }) => instance.status === 'completed');
    });
    expect(told).toHaveLength(990);
    expect(told).toContainEqual({ n: 7, score: 14 });
    expect(told).toContainEqual({ n: 101, score: 202 });
    const { items } = await bench.views.states(ids);
    expect(items.filter(({ instance }) => instance.outcome === 'refused')).toHaveLength(10);
    expect(keys.size).toBe(1_000);
    // A thousand and ten attempts, and a fortieth of the calls at most: the machine may be slow to start them all.
    expect(engine.tally.get('batch.attempt')).toBe(1_010);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(1_010);
    expect(engine.tally.get('batch.call')).toBe(sizes.length);
    expect(sizes.length).toBeLessThan(100);
    expect(Math.max(...sizes)).toBe(50);
  });
});
