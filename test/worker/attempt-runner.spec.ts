import { describe, expect, it, vi } from 'vitest';
import { PermanentError, poll, type TaskContext } from '../../src/engine/ports/handlers.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';
import { never, orderOf, runnerOf, type Settle, turns, withResolvers } from './orders.js';

describe('an attempt', () => {
  it('completes with what the handler returns', async () => {
    const { run } = runnerOf();
    await expect(run(({ amount }) => ({ paid: amount }), { input: { amount: 12 } })).resolves.toEqual({
      type: 'completed',
      output: { paid: 12 },
    });
  });

  it('gives the handler its place, its literals, a log and a signal', async () => {
    const { run, log } = runnerOf();
    const seen: TaskContext[] = [];
    await run((_, context) => void (seen.push(context), context.log.info('paid', { amount: 1 })), { with: { a: 1 } });
    expect(seen[0]).toMatchObject({ idempotencyKey: '0192.disburse.1', attempt: 1, node: 'disburse', with: { a: 1 } });
    expect(seen[0]?.signal.aborted).toBe(false);
    expect(log.lines).toEqual([
      { level: 'info', message: 'paid', facts: expect.objectContaining({ amount: 1, instance: '0192', attempt: 1 }) },
    ]);
  });

  it('keeps what a handler does to its input to itself, also between two local tries', async () => {
    const { run, clock } = runnerOf();
    const input = { list: [3, 1, 2], deep: { a: 1 } };
    const literals = { headers: { a: 'b' } };
    const seen: string[] = [];
    const outcome = run(
      (given, context) => {
        seen.push(JSON.stringify(given));
        (given['list'] as number[]).sort();
        (given as Record<string, unknown>)['deep'] = null;
        (context.with['headers'] as Record<string, unknown>)['a'] = 'c';
        if (seen.length === 1) throw new Error('once more');
        return true;
      },
      { input, with: literals, localRetries: [10] },
    );
    await turns();
    clock.advance(10);
    await outcome;
    expect(seen).toEqual([JSON.stringify(input), JSON.stringify(input)]);
    expect(input).toEqual({ list: [3, 1, 2], deep: { a: 1 } });
    expect(literals).toEqual({ headers: { a: 'b' } });
  });

  it('tries again inside the attempt, after the local delays', async () => {
    const { run, clock } = runnerOf();
    const at: number[] = [];
    const begun = clock.now();
    const outcome = run(
      () => {
        at.push(clock.now() - begun);
        throw new Error('busy');
      },
      { localRetries: [100, 300], timeoutMs: 5_000 },
    );
    for (let i = 0; i < 10; i++) {
      await turns(1);
      clock.advance(50);
    }
    await expect(outcome).resolves.toMatchObject({ type: 'failed', code: 'HANDLER_ERROR', message: 'busy' });
    expect(at).toEqual([0, 100, 400]);
  });

  it('does not try a permanent failure again, and keeps its code', async () => {
    const { run } = runnerOf();
    const handler = vi.fn(() => {
      throw new PermanentError('ACCOUNT_CLOSED', 'The account is closed.');
    });
    await expect(run(handler, { localRetries: [0, 0] })).resolves.toEqual({
      type: 'failed',
      code: 'ACCOUNT_CLOSED',
      message: 'The account is closed.',
      permanent: true,
    });
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('counts local tries and their delays into the timeout', async () => {
    const { run, clock } = runnerOf();
    const outcome = run(() => Promise.reject(new Error('busy')), { localRetries: [700, 700], timeoutMs: 1_000 });
    await turns();
    clock.advance(700);
    await turns();
    clock.advance(300);
    await expect(outcome).resolves.toMatchObject({ type: 'failed', code: 'TIMEOUT', permanent: false });
    expect(clock.nextAt()).toBeNull();
  });

  it('leaves no alarm behind', async () => {
    const { run, clock } = runnerOf();
    await run(() => 1);
    expect(clock.nextAt()).toBeNull();
  });
});

describe('S24 a handler that never settles', () => {
  it('frees its slot at the timeout, and its signal fires', async () => {
    const { run, clock } = runnerOf();
    let signal: AbortSignal | undefined;
    const outcome = run(
      (_, context) => {
        signal = context.signal;
        return never();
      },
      { timeoutMs: 250 },
    );
    clock.advance(249);
    expect(signal?.aborted).toBe(false);
    clock.advance(1);
    await expect(outcome).resolves.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('250 ms') });
    expect(signal?.aborted).toBe(true);
  });

  it.each([
    ['fails', (settle: Settle) => settle.reject(new Error('too late')), 'failed (HANDLER_ERROR)'],
    ['succeeds', (settle: Settle) => settle.resolve(1), 'completed'],
  ])('is heard no more when it %s late, but logged', async (_, settleLate, word) => {
    const { run, clock, log } = runnerOf();
    const settle = withResolvers();
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    const outcome = run(() => settle.promise, { timeoutMs: 10, localRetries: [1] });
    clock.advance(10);
    await expect(outcome).resolves.toMatchObject({ code: 'TIMEOUT' });
    settleLate(settle);
    await turns();
    process.off('unhandledRejection', unhandled);
    expect(unhandled).not.toHaveBeenCalled();
    expect(log.lines).toEqual([
      { level: 'warn', message: expect.stringContaining(word), facts: expect.objectContaining({ node: 'disburse' }) },
    ]);
    expect(clock.nextAt()).toBeNull();
  });
});

describe('a poll', () => {
  it('is answered with its delay, also from another copy of the package', async () => {
    const { run } = runnerOf();
    class Poll {
      constructor(readonly delayMs: number) {}
    }
    await expect(run(() => poll(2_000))).resolves.toEqual({ type: 'polled', delayMs: 2_000 });
    await expect(run(() => new Poll(0.5))).resolves.toEqual({ type: 'polled', delayMs: 1 });
  });

  it.each([0, -1, Number.NaN, Number.POSITIVE_INFINITY, 366 * 86_400_000])('of %d ms is refused', async (delayMs) => {
    await expect(runnerOf().run(() => poll(delayMs))).resolves.toMatchObject({
      type: 'failed',
      code: 'POLL_OUT_OF_BOUNDS',
      permanent: true,
    });
  });
});

it('gives a signal that has fired to a handler that asks for it late', async () => {
  const { run, clock } = runnerOf();
  let context: TaskContext | undefined;
  const outcome = run(
    (_, given) => {
      context = given;
      return never();
    },
    { timeoutMs: 10 },
  );
  clock.advance(10);
  await outcome;
  expect(context?.signal.aborted).toBe(true);
  expect(context?.signal).toBe(context?.signal);
});

it('runs many attempts at once, each with its own end', async () => {
  const { clock, log } = runnerOf();
  const runner = new InProcessAttemptRunner(clock, log);
  const outcomes = Array.from({ length: 50 }, (_, i) =>
    runner.run(orderOf(() => (i % 2 ? i : never()), { timeoutMs: 100 + i })),
  );
  await turns();
  clock.advance(200);
  const ended = await Promise.all(outcomes);
  expect(ended.filter(({ type }) => type === 'completed')).toHaveLength(25);
  expect(ended.filter((outcome) => outcome.type === 'failed' && outcome.code === 'TIMEOUT')).toHaveLength(25);
});
