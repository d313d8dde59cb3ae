import { describe, expect, it } from 'vitest';
import type { OutgoingEvent } from '../../src/engine/ports/broker.js';
import { emitTo } from '../../src/worker/built-in/emit.js';
import { log } from '../../src/worker/built-in/log.js';
import { sleepOn } from '../../src/worker/built-in/sleep.js';
import { runnerOf, turns } from './orders.js';

describe('the built-in task log', () => {
  it('writes its input as a line, secrets hidden, and answers it whole', async () => {
    const { run, log: kept } = runnerOf();
    const input = { order: 'o1', apiKey: 'hunter2', deep: [{ password: 'hunter2', kept: 1 }] };
    const outcome = await run(log, { input, with: { message: 'An order arrived.' } });
    expect(outcome).toEqual({ type: 'completed', output: input });
    expect(kept.lines).toEqual([
      {
        level: 'info',
        message: 'An order arrived.',
        facts: expect.objectContaining({ input: { order: 'o1', apiKey: '***', deep: [{ password: '***', kept: 1 }] } }),
      },
    ]);
  });

  it('names its node when it has no message', async () => {
    const { run, log: kept } = runnerOf();
    await run(log);
    expect(kept.lines[0]?.message).toBe('disburse was reached');
  });
});

describe('the built-in task sleep', () => {
  it.each([
    ['the input', { input: { ms: 400 }, with: { ms: 9 } }],
    ['with', { with: { ms: 400 } }],
  ])('takes as long as %s says', async (_, parts) => {
    const { run, clock } = runnerOf();
    const outcome = run(sleepOn(clock), parts);
    await turns();
    expect(clock.nextAt()).toBe(clock.now() + 400);
    clock.advance(400);
    await expect(outcome).resolves.toEqual({ type: 'completed', output: { ms: 400 } });
  });

  it('is bounded by the timeout and leaves no alarm behind', async () => {
    const { run, clock } = runnerOf();
    const outcome = run(sleepOn(clock), { input: { ms: 5_000 }, timeoutMs: 100 });
    clock.advance(100);
    await expect(outcome).resolves.toMatchObject({ code: 'TIMEOUT' });
    expect(clock.nextAt()).toBeNull();
  });

  it.each([{}, { ms: -1 }, { ms: '5' }])('refuses %j for good', async (input) => {
    const { run, clock } = runnerOf();
    await expect(run(sleepOn(clock), { input })).resolves.toMatchObject({ code: 'BAD_INPUT', permanent: true });
  });
});

describe('the built-in task emit', () => {
  it('announces its input under the flow and a name, with an id that is equal over attempts', async () => {
    const { run } = runnerOf();
    const sent: OutgoingEvent[] = [];
    const emit = emitTo(async (events) => (sent.push(...events), [true]));
    const parts = { input: { order: 'o1' }, with: { name: 'order.shipped' } };
    const outcome = await run(emit, parts);
    await run(emit, parts);
    const event = {
      id: '0192.disburse.1',
      routingKey: 'emitted.loan_disbursement.order.shipped',
      body: { order: 'o1' },
    };
    expect(sent).toEqual([event, event]);
    expect(outcome).toEqual({ type: 'completed', output: { id: event.id, routingKey: event.routingKey } });
  });

  it('fails, to be tried again, when the broker does not confirm', async () => {
    const { run } = runnerOf();
    const outcome = run(
      emitTo(async () => [false]),
      { with: { name: 'x' } },
    );
    await expect(outcome).resolves.toMatchObject({ code: 'EMIT_UNCONFIRMED', permanent: false });
  });

  it.each([{}, { name: '' }, { name: 'a..b' }, { name: 'a.*' }, { name: 5 }])(
    'refuses %j for good',
    async (literals) => {
      const { run } = runnerOf();
      const outcome = run(
        emitTo(async () => [true]),
        { with: literals as never },
      );
      await expect(outcome).resolves.toMatchObject({ code: 'BAD_INPUT', permanent: true });
    },
  );
});
