import { describe, expect, it, vi } from 'vitest';
import type { TaskContext } from '../../src/engine/ports/handlers.js';
import { InProcessAttemptRunner } from '../../src/worker/in-process-attempt-runner.js';
import { never, orderOf, runnerOf, turns, withResolvers } from './orders.js';

describe('stopping', () => {
  it('lets a handler finish what it has begun', async () => {
    const { run, clock } = runnerOf();
    const stop = new AbortController();
    const settle = withResolvers();
    let signal: AbortSignal | undefined;
    const outcome = run(
      (_, context) => {
        signal = context.signal;
        return settle.promise;
      },
      { stop: stop.signal },
    );
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

it('stops many attempts at once, without a warning of too many listeners', async () => {
  const { clock, log } = runnerOf();
  const runner = new InProcessAttemptRunner(clock, log);
  const warned = vi.fn();
  process.on('warning', warned);
  const stop = new AbortController();
  const outcomes = Array.from({ length: 50 }, () =>
    runner.run(orderOf(never, { stop: stop.signal, timeoutMs: 60_000 })),
  );
  stop.abort();
  clock.advance(3_000);
  const ended = await Promise.all(outcomes);
  await turns();
  process.off('warning', warned);
  expect(ended.filter((outcome) => outcome.type === 'failed' && outcome.code === 'STOPPED')).toHaveLength(50);
  expect(warned).not.toHaveBeenCalled();
});
