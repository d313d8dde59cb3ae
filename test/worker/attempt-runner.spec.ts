import { describe, expect, it, vi } from 'vitest';
import { type AttemptOutcome, PermanentError, type TaskContext, poll } from '../../src/engine/ports/handlers.js';
import { orderOf, runnerOf, turns } from './orders.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';

const never = (): Promise<never> => new Promise(() => {});

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
    const outcome = run((_, context) => ((signal = context.signal), never()), { timeoutMs: 250 });
    clock.advance(249);
    expect(signal?.aborted).toBe(false);
    clock.advance(1);
    await expect(outcome).resolves.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining('250 ms') });
    expect(signal?.aborted).toBe(true);
  });

  it.each([
    ['fails', (settle: PromiseWithResolvers) => settle.reject(new Error('too late')), 'failed (HANDLER_ERROR)'],
    ['succeeds', (settle: PromiseWithResolvers) => settle.resolve(1), 'completed'],
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

describe('S24 what handlers throw', () => {
  const thrown = async (value: unknown): Promise<Extract<AttemptOutcome, { type: 'failed' }>> => {
    const outcome = await runnerOf().run(() => {
      throw value;
    });
    if (outcome.type !== 'failed') throw new Error(`It ${outcome.type}.`);
    return outcome;
  };

  it.each([
    ['a text', 'no money', '"no money"'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 7, '7'],
    ['a symbol', Symbol('x'), 'Symbol(x)'],
    ['an object', { a: 1 }, 'an object'],
    ['a function', () => 1, 'a function'],
  ])('is made an error with a message: %s', async (_, value, words) => {
    await expect(thrown(value)).resolves.toEqual({
      type: 'failed',
      code: 'HANDLER_ERROR',
      message: `The handler threw ${words}, which is no Error.`,
      permanent: false,
    });
  });

  it('keeps the code of a system error', async () => {
    const refused = Object.assign(new Error('connect refused'), { code: 'ECONNREFUSED' });
    await expect(thrown(refused)).resolves.toMatchObject({ code: 'ECONNREFUSED', permanent: false });
    const odd = Object.assign(new Error('odd'), { code: 'not a code' });
    await expect(thrown(odd)).resolves.toMatchObject({ code: 'HANDLER_ERROR' });
  });

  it('knows a PermanentError of another copy of the package, and one with an unusable code', async () => {
    class Other extends Error {
      override readonly name = 'PermanentError';
      constructor(readonly code: unknown) {
        super('closed');
      }
    }
    await expect(thrown(new Other('ACCOUNT_CLOSED'))).resolves.toMatchObject({
      code: 'ACCOUNT_CLOSED',
      permanent: true,
    });
    await expect(thrown(new Other('closed'))).resolves.toMatchObject({ code: 'PERMANENT_ERROR', permanent: true });
  });

  it('survives errors that cannot be read', async () => {
    const hostile = new Error('x');
    Object.defineProperty(hostile, 'message', {
      get: () => {
        throw new Error('no');
      },
    });
    await expect(thrown(hostile)).resolves.toMatchObject({ code: 'HANDLER_ERROR', permanent: false });
  });

  it('is cut to 4 KiB between two characters', async () => {
    const { message } = await thrown(new Error('€'.repeat(5_000_000)));
    expect(Buffer.byteLength(message)).toBeLessThanOrEqual(4096);
    expect(Buffer.byteLength(message)).toBeGreaterThan(4090);
    expect(message).toMatch(/^€+ … \(cut\)$/);
  });

  it.each([
    ['login failed: password=hunter2, user=ann'],
    ['{"apiKey":"hunter2","user":"ann"}'],
    ["api-key: 'hunter2' was refused for ann"],
    ['GET https://ann:hunter2@partner.example/x failed'],
    ['Authorization: Bearer hunter2'],
    ['header authorization = hunter2 more-hunter2'],
    ['sent Basic hunter2hunter2=='],
    ['access_token=hunter2&user=ann'],
    ['Cookie: session=hunter2; other=hunter2'],
  ])('shows no secret: %s', async (text) => {
    const { message } = await thrown(new Error(text));
    expect(message).not.toContain('hunter2');
    expect(message).toContain('***');
  });

  it('is searched for secrets in linear time', async () => {
    const begun = performance.now();
    for (const part of ['token', 'pass:', 'a://', 'cookie ', 'basic ', '"token":"', '-'])
      await thrown(new Error(part.repeat(100_000)));
    expect(performance.now() - begun).toBeLessThan(1_500);
  });
});

describe('stopping', () => {
  it('lets a handler finish what it has begun', async () => {
    const { run, clock } = runnerOf();
    const stop = new AbortController();
    const settle = withResolvers();
    let signal: AbortSignal | undefined;
    const outcome = run((_, context) => ((signal = context.signal), settle.promise), { stop: stop.signal });
    stop.abort();
    expect(signal?.aborted).toBe(true);
    clock.advance(2_000);
    settle.resolve('paid');
    await expect(outcome).resolves.toEqual({ type: 'completed', output: 'paid' });
    expect(clock.nextAt()).toBeNull();
  });

  it('waits no longer than 3 s for it', async () => {
    const { run, clock } = runnerOf();
    const stop = new AbortController();
    const outcome = run(never, { stop: stop.signal, timeoutMs: 60_000 });
    stop.abort(new Error('the engine stops'));
    clock.advance(3_000);
    await expect(outcome).resolves.toMatchObject({
      code: 'STOPPED',
      message: expect.stringContaining('the engine stops'),
    });
  });

  it('says STOPPED of a handler that gave up because of it, and tries nothing again', async () => {
    const { run } = runnerOf();
    const stop = new AbortController();
    const handler = vi.fn(
      (_: unknown, { signal }: TaskContext) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    const outcome = run(handler, { stop: stop.signal, localRetries: [0, 0] });
    stop.abort();
    await expect(outcome).resolves.toMatchObject({ type: 'failed', code: 'STOPPED', permanent: false });
    expect(handler).toHaveBeenCalledTimes(1);
  });

  it('ends at once between two tries, and begins nothing when it has happened before', async () => {
    const { run, clock } = runnerOf();
    const stop = new AbortController();
    const handler = vi.fn(() => Promise.reject(new Error('busy')));
    const outcome = run(handler, { stop: stop.signal, localRetries: [500] });
    await turns();
    stop.abort();
    await expect(outcome).resolves.toMatchObject({ code: 'STOPPED' });
    await expect(run(handler, { stop: stop.signal })).resolves.toMatchObject({ code: 'STOPPED' });
    clock.advance(1_000);
    expect(handler).toHaveBeenCalledTimes(1);
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

interface PromiseWithResolvers {
  readonly promise: Promise<unknown>;
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

function withResolvers(): PromiseWithResolvers {
  let resolve!: (value: unknown) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise((a, b) => {
    resolve = a;
    reject = b;
  });
  return { promise, resolve, reject };
}
