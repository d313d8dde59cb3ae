import { describe, expect, it } from 'vitest';
import { PermanentError, poll, type TaskHandler } from '../../src/engine/ports/handlers.js';
import { runnerOf, turns } from './orders.js';

const CACHE = { key: 'credit.score L-1', ttlMs: 60_000 };
const OTHER = { key: 'credit.score L-2', ttlMs: 60_000 };

/** A handler whose calls are answered when the test says so. */
function held() {
  const calls: { answer: (value: unknown) => void; fail: (error: unknown) => void }[] = [];
  const handler: TaskHandler = () =>
    new Promise((answer, fail) => {
      calls.push({ answer, fail });
    });
  return { calls, handler };
}

describe('equal calls', () => {
  it('are one call for as long as its answer is kept, and each gets a copy', async () => {
    const { run, clock } = runnerOf();
    let calls = 0;
    const handler: TaskHandler = () => ({ list: [++calls] });
    const first = await run(handler, { cache: CACHE });
    expect(first).toEqual({ type: 'completed', output: { list: [1] } });
    if (first.type === 'completed') (first.output as { list: number[] }).list.push(9);
    expect(await run(handler, { cache: CACHE })).toEqual({ type: 'completed', output: { list: [1] }, shared: true });
    expect(await run(handler, { cache: OTHER })).toEqual({ type: 'completed', output: { list: [2] } });
    expect(await run(handler)).toEqual({ type: 'completed', output: { list: [3] } });
    await clock.advance(60_001);
    expect(await run(handler, { cache: CACHE })).toEqual({ type: 'completed', output: { list: [4] } });
  });

  it('are one call only for who expects such an answer, and what nobody expected is not kept', async () => {
    const { run } = runnerOf();
    let calls = 0;
    const handler: TaskHandler = () => ({ score: ++calls });
    const least = (score: number) => ({ ...CACHE, fits: (output: unknown) => Number(Object(output).score) >= score });
    expect(await run(handler, { cache: least(2) })).toEqual({ type: 'completed', output: { score: 1 } });
    expect(await run(handler, { cache: least(2) })).toEqual({ type: 'completed', output: { score: 2 } });
    expect(await run(handler, { cache: CACHE })).toEqual({ type: 'completed', output: { score: 2 }, shared: true });
    expect(await run(handler, { cache: least(3) })).toEqual({ type: 'completed', output: { score: 3 } });
    const { calls: made, handler: slow } = held();
    const key = { ...least(5), key: 'of their own' };
    const all = [run(slow, { cache: { ...CACHE, key: key.key } }), run(slow, { cache: key })];
    await turns();
    made[0]?.answer({ score: 4 });
    await turns();
    made[1]?.answer({ score: 5 });
    expect(await Promise.all(all)).toEqual([4, 5].map((score) => ({ type: 'completed', output: { score } })));
  });

  it('at the same time wait for the one that is made', async () => {
    const { run } = runnerOf();
    const { calls, handler } = held();
    const all = [1, 2, 3].map(() => run(handler, { cache: CACHE }));
    await turns();
    expect(calls).toHaveLength(1);
    calls[0]?.answer({ score: 7 });
    const output = { score: 7 };
    expect(await Promise.all(all)).toEqual([
      { type: 'completed', output },
      { type: 'completed', output, shared: true },
      { type: 'completed', output, shared: true },
    ]);
  });

  it('are made one after the other while none gives an answer: failures, polls and a no are for who asked', async () => {
    const { run } = runnerOf();
    const { calls, handler } = held();
    const all = [1, 2, 3, 4, 5].map(() => run(handler, { cache: CACHE }));
    const answers = [
      () => calls[0]?.fail(new PermanentError('CLOSED', 'closed')),
      () => calls[1]?.answer(poll(5_000)),
      () => calls[2]?.answer(false),
      () => calls[3]?.answer({ ok: true }),
    ];
    for (const [at, give] of answers.entries()) {
      await turns();
      expect(calls).toHaveLength(at + 1);
      give();
    }
    const outcomes = await Promise.all(all);
    expect(outcomes.map(({ type }) => type)).toEqual(['failed', 'polled', 'completed', 'completed', 'completed']);
    expect(outcomes[2]).toEqual({ type: 'completed', output: false });
    expect(outcomes[4]).toEqual({ type: 'completed', output: { ok: true }, shared: true });
    expect(calls).toHaveLength(4);
  });

  it('do not wait for one that never ends longer than for themselves, and are not made late', async () => {
    const { run, clock } = runnerOf();
    const { calls, handler } = held();
    const leader = run(handler, { cache: CACHE, timeoutMs: 5_000 });
    await turns();
    const hasty = run(handler, { cache: CACHE, timeoutMs: 1_000 });
    const patient = run(handler, { cache: CACHE, timeoutMs: 9_000 });
    await turns();
    await clock.advance(1_000);
    expect(await hasty).toMatchObject({ type: 'failed', code: 'TIMEOUT' });
    await clock.advance(4_000);
    expect(await leader).toMatchObject({ type: 'failed', code: 'TIMEOUT' });
    await turns();
    // The leader was given up: the next call is made, for who still waits and for nobody else.
    expect(calls).toHaveLength(2);
    calls[1]?.answer({ ok: true });
    expect(await patient).toEqual({ type: 'completed', output: { ok: true } });
  });

  it('hand on a result that cannot be written down as what it is, and keep nothing of it', async () => {
    const { run } = runnerOf();
    let calls = 0;
    const handler: TaskHandler = () => (++calls === 1 ? { big: 1n } : { fine: true });
    expect(await run(handler, { cache: CACHE })).toMatchObject({ type: 'failed', code: 'RESULT_NOT_SERIALISABLE' });
    expect(await run(handler, { cache: CACHE })).toEqual({ type: 'completed', output: { fine: true } });
  });
});
