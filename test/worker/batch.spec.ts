import { describe, expect, it } from 'vitest';
import { type BatchCall, inBatches, PermanentError, poll } from '../../src/engine/ports/handlers.js';
import { BatchTask, tasksOf } from '../../src/worker/task.decorator.js';
import { CONTEXT, KeptLog, runnerOf, turns } from './orders.js';

const BATCH = { key: 'credit.score', max: 3, withinMs: 20 };

/** A batch handler whose calls are answered when the test says so. */
function held() {
  const batches: { calls: readonly BatchCall[]; signal: AbortSignal; answer: (answers: unknown) => void }[] = [];
  const handler = inBatches((calls, { signal }) => {
    return new Promise((answer) => {
      batches.push({ calls, signal, answer: answer as (answers: unknown) => void });
    });
  });
  const inputs = () => batches.map(({ calls }) => calls.map(({ input }) => input['n']));
  return { batches, handler, inputs };
}

describe('calls in a batch', () => {
  it('wait for others as long as they may, and are asked about together', async () => {
    const { run, clock } = runnerOf();
    const { handler, batches, inputs } = held();
    const first = run(handler, { batch: BATCH, input: { n: 1 } });
    await clock.advance(15);
    const second = run(handler, { batch: BATCH, input: { n: 2 } });
    await clock.advance(4);
    expect(inputs()).toEqual([]);
    await clock.advance(1);
    expect(inputs()).toEqual([[1, 2]]);
    batches[0]?.answer([{ score: 1 }, false]);
    expect(await first).toEqual({ type: 'completed', output: { score: 1 }, batched: { waitedMs: 20, led: 1 } });
    expect(await second).toEqual({ type: 'completed', output: false, batched: { waitedMs: 5, led: 0 } });
  });

  it('go at once when as many have come as may, and the next begin anew', async () => {
    const { run, clock } = runnerOf();
    const { handler, inputs } = held();
    for (const n of [1, 2, 3, 4]) void run(handler, { batch: BATCH, input: { n } });
    await turns();
    expect(inputs()).toEqual([[1, 2, 3]]);
    await clock.advance(20);
    expect(inputs()).toEqual([[1, 2, 3], [4]]);
  });

  it('of other keys are other batches', async () => {
    const { run, clock } = runnerOf();
    const { handler, inputs } = held();
    void run(handler, { batch: BATCH, input: { n: 1 } });
    void run(handler, { batch: { ...BATCH, key: 'other' }, input: { n: 2 } });
    await clock.advance(20);
    expect(inputs()).toEqual([[1], [2]]);
  });

  it('fail each by itself where the answer is an error, and poll each by itself', async () => {
    const { run } = runnerOf();
    const handler = inBatches(() => [new PermanentError('GONE', 'It is gone.'), { n: 2 }, poll(500)]);
    const all = await Promise.all([1, 2, 3].map((n) => run(handler, { batch: BATCH, input: { n } })));
    expect(all.map(({ batched: _, ...outcome }) => outcome)).toEqual([
      { type: 'failed', code: 'GONE', message: 'It is gone.', permanent: true },
      { type: 'completed', output: { n: 2 } },
      { type: 'polled', delayMs: 500 },
    ]);
  });

  it.each([
    ['throws', () => Promise.reject(Object.assign(new Error('down'), { code: 'DOWN' })), 'DOWN'],
    ['answers too little', () => [1, 2], 'BATCH_ANSWERS'],
    ['answers too much', () => [1, 2, 3, 4], 'BATCH_ANSWERS'],
    ['answers no list', () => ({ length: 3 }) as unknown as unknown[], 'BATCH_ANSWERS'],
  ])('fail all when the handler %s', async (_, many, code) => {
    const { run } = runnerOf();
    const all = await Promise.all([1, 2, 3].map((n) => run(inBatches(many), { batch: BATCH, input: { n } })));
    expect(all).toEqual(Array(3).fill(expect.objectContaining({ type: 'failed', code, permanent: false })));
  });

  it('are tried again here in another batch, each by its own policy', async () => {
    const { run, clock } = runnerOf();
    const seen: unknown[][] = [];
    const handler = inBatches((calls) => {
      seen.push(calls.map(({ input }) => input['n']));
      return calls.map(({ input }) => (seen.length === 1 && input['n'] !== 2 ? new Error('busy') : input));
    });
    const all = [1, 2, 3].map((n) => run(handler, { batch: BATCH, input: { n }, localRetries: n === 3 ? [] : [100] }));
    await turns();
    await clock.advance(120);
    expect((await Promise.all(all)).map(({ type }) => type)).toEqual(['completed', 'completed', 'failed']);
    expect(seen).toEqual([[1, 2, 3], [1]]);
  });

  it('are left out when they are given up before, and harm nobody when they are given up later', async () => {
    const { run, clock } = runnerOf();
    const { handler, batches, inputs } = held();
    const batch = { ...BATCH, max: 4 };
    const [before, after] = [new AbortController(), new AbortController()];
    const gone = run(handler, { batch, input: { n: 1 }, stop: before.signal });
    const late = run(handler, { batch, input: { n: 2 }, stop: after.signal });
    const stays = run(handler, { batch, input: { n: 3 }, timeoutMs: 10_000 });
    before.abort();
    await clock.advance(20);
    expect(inputs()).toEqual([[2, 3]]);
    after.abort();
    await clock.advance(3_000);
    expect(await late).toMatchObject({ type: 'failed', code: 'STOPPED' });
    expect(await gone).toMatchObject({ type: 'failed', code: 'STOPPED' });
    expect(batches[0]?.calls.map(({ context }) => context.signal.aborted)).toEqual([true, false]);
    expect(batches[0]?.signal.aborted).toBe(false);
    batches[0]?.answer(['late', 'ok']);
    expect(await stays).toMatchObject({ type: 'completed', output: 'ok' });
  });

  it('of which none is wanted any more tell the handler, and one that all have left is never asked about', async () => {
    const { run, clock } = runnerOf();
    const { handler, batches } = held();
    const all = [1, 2].map((n) => run(handler, { batch: BATCH, input: { n }, timeoutMs: 100 + n }));
    await clock.advance(101);
    expect(batches[0]?.signal.aborted).toBe(false);
    await clock.advance(1);
    expect(batches[0]?.signal.aborted).toBe(true);
    expect((await Promise.all(all)).map((outcome) => 'code' in outcome && outcome.code)).toEqual([
      'TIMEOUT',
      'TIMEOUT',
    ]);
    const alone = run(handler, { batch: BATCH, timeoutMs: 10 });
    await clock.advance(30);
    expect(await alone).toMatchObject({ code: 'TIMEOUT', batched: { led: 0 } });
    expect(batches).toHaveLength(1);
  });

  it('are each other’s copies: none changes the input of another, and equal ones are shared by a cache', async () => {
    const { run, clock } = runnerOf();
    const { handler, batches, inputs } = held();
    const cache = { key: 'k', ttlMs: 1_000 };
    const all = [1, 2].map(() => run(handler, { batch: BATCH, cache, input: { n: 1 } }));
    await clock.advance(20);
    expect(inputs()).toEqual([[1]]);
    batches[0]?.answer([{ ok: true }]);
    expect((await Promise.all(all)).map((outcome) => 'shared' in outcome)).toEqual([false, true]);
  });
});

describe('a batch handler', () => {
  it('is asked about one call where nothing says batch', async () => {
    const { run } = runnerOf();
    const handler = inBatches((calls) => calls.map(({ input }) => ({ got: input, of: calls.length })));
    expect(await run(handler, { input: { n: 1 } })).toEqual({ type: 'completed', output: { got: { n: 1 }, of: 1 } });
    const failing = inBatches(() => [new PermanentError('NO', 'no')]);
    expect(await run(failing)).toMatchObject({ type: 'failed', code: 'NO', permanent: true });
  });

  it('is a method with @BatchTask, and a class with execute', async () => {
    class Bureau {
      readonly base = 600;
      @BatchTask('credit.score')
      async score(calls: readonly BatchCall[]): Promise<unknown[]> {
        return calls.map(({ input }) => this.base + Number(input['n']));
      }
    }
    @BatchTask('kyc.verify')
    class Kyc {
      execute(calls: readonly BatchCall[]): unknown[] {
        return calls.map(() => true);
      }
    }
    const context = { ...CONTEXT, signal: new AbortController().signal, log: new KeptLog() };
    const [score] = tasksOf(new Bureau());
    expect(score).toMatchObject({ name: 'credit.score', place: 'Bureau.score' });
    const calls = [1, 2].map((n) => ({ input: { n }, context }));
    expect(await score?.handler.many?.(calls, context)).toEqual([601, 602]);
    expect(await score?.handler({ n: 3 }, context)).toBe(603);
    const [verify] = tasksOf(new Kyc());
    expect(await verify?.handler({}, context)).toBe(true);
  });
});
