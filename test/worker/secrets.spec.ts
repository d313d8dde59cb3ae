import { describe, expect, it } from 'vitest';
import type { SecretOrder } from '../../src/engine/intake/work/order/secrets.js';
import { inBatches, PermanentError, poll, type TaskHandler } from '../../src/engine/ports/handlers.js';
import { runnerOf, turns } from './orders.js';

const VALUE = 'k"ey/+ of 2';
const secrets: SecretOrder = {
  uses: [
    { name: 'bank', path: ['token'] },
    { name: 'bank', path: ['deep', 'list', 1] },
  ],
  values: new Map([['bank', VALUE]]),
};
const input = { token: null, deep: { list: [1, null, 3] }, n: 1 };

describe('a handler that is given secrets', () => {
  it('gets them in their places, and the order has none', async () => {
    let got: unknown;
    const { run } = runnerOf();
    await run(
      (given) => {
        got = given;
      },
      { input, secrets },
    );
    expect(got).toEqual({ token: VALUE, deep: { list: [1, VALUE, 3] }, n: 1 });
    expect(JSON.stringify(input)).not.toContain('ey/+');
  });

  it.each<[string, unknown, unknown]>([
    ['in a text', { said: `it is ${VALUE}!` }, { said: 'it is ***!' }],
    ['as a member', { [VALUE]: 1 }, { '***': 1 }],
    ['in a list', [[VALUE]], [['***']]],
    ['for a URL', `?k=${encodeURIComponent(VALUE)}`, '?k=***'],
    ['in JSON that is a text', JSON.stringify({ k: VALUE }), '{"k":"***"}'],
    ['in what a class writes of itself', { toJSON: () => VALUE }, '***'],
    ['nowhere', { a: [1, 'key'] }, { a: [1, 'key'] }],
  ])('answers without them: %s', async (_name, answer, output) => {
    const { run } = runnerOf();
    expect(await run(() => answer, { input, secrets })).toEqual({ type: 'completed', output });
  });

  it('answers without one that looks like a number', async () => {
    const order = { uses: [{ name: 'pin', path: ['pin'] }], values: new Map([['pin', '40711']]) };
    const { run } = runnerOf();
    const outcome = await run(() => ({ pin: 40_711, other: 407_110 }), { secrets: order });
    expect(outcome).toMatchObject({ output: { pin: '***', other: 407_110 } });
  });

  it.each<[string, () => unknown, object]>([
    [
      'an Error',
      () => new Error(`401 for ${VALUE}`),
      { code: 'HANDLER_ERROR', message: '401 for ***', permanent: false },
    ],
    [
      'an Error with a code',
      () => Object.assign(new Error(VALUE), { code: 'BUSY' }),
      { code: 'BUSY', message: '***', permanent: false },
    ],
    ['for good', () => new PermanentError('DENIED', VALUE), { code: 'DENIED', message: '***', permanent: true }],
    ['a text', () => `no: ${VALUE}`, { code: 'HANDLER_ERROR', permanent: false }],
    [
      'what cannot be an answer',
      () => ({ [`${VALUE}s`]: new Map() }),
      { code: 'RESULT_NOT_SERIALISABLE', permanent: true },
    ],
  ])('fails without them: %s', async (name, made, expected) => {
    const { run } = runnerOf();
    const handler: TaskHandler = () => {
      if (name === 'what cannot be an answer') return made();
      throw made();
    };
    const outcome = await run(handler, { input, secrets });
    expect(outcome).toMatchObject({ type: 'failed', ...expected });
    expect(JSON.stringify(outcome)).not.toContain('ey/+');
  });

  it('fails without half of one where the message is cut', async () => {
    const long = 'x'.repeat(4 * 1024 - 20) + VALUE + 'y'.repeat(100);
    const { run } = runnerOf();
    const outcome = await run(
      () => {
        throw new Error(long);
      },
      { input, secrets },
    );
    expect(JSON.stringify(outcome)).not.toContain('k\\"e');
  });

  it('has no code that is one', async () => {
    const order = { uses: [{ name: 'a', path: ['a'] }], values: new Map([['a', 'SECRET_CODE']]) };
    const { run } = runnerOf();
    const outcome = await run(
      () => {
        throw Object.assign(new Error('no'), { code: 'SECRET_CODE' });
      },
      { secrets: order },
    );
    expect(outcome).toMatchObject({ code: 'HANDLER_ERROR' });
  });

  it('polls as ever', async () => {
    const { run } = runnerOf();
    expect(await run(() => poll(500), { input, secrets })).toEqual({ type: 'polled', delayMs: 500 });
  });

  it('logs without them, and keeps its signal', async () => {
    const { run, log } = runnerOf();
    let aborted: unknown;
    await run(
      (_input, context) => {
        aborted = context.signal.aborted;
        context.log.warn(`sent ${VALUE}`, { token: VALUE, fault: new Error(VALUE), deep: { at: [VALUE] } });
      },
      { input, secrets },
    );
    expect(aborted).toBe(false);
    expect(log.lines).toHaveLength(1);
    expect(log.lines[0]).toMatchObject({
      message: 'sent ***',
      facts: { token: '***', deep: { at: ['***'] }, node: 'disburse' },
    });
    expect(JSON.stringify(log.lines)).not.toContain('ey/+');
  });

  it('is told of its tries within the attempt each time anew', async () => {
    const { run, clock } = runnerOf();
    const got: unknown[] = [];
    const running = run(
      (given) => {
        got.push(given['token']);
        Object.assign(given, { token: 'changed' });
        if (got.length === 1) throw new Error('again');
      },
      { input, secrets, localRetries: [10] },
    );
    await turns(5);
    clock.advance(10);
    await running;
    expect(got).toEqual([VALUE, VALUE]);
  });
});

describe('what is kept of a call with secrets', () => {
  it('is what is masked: a cache gives no other', async () => {
    const { run } = runnerOf();
    const cache = { key: 'k', ttlMs: 1_000 };
    await run(() => ({ echo: VALUE }), { input, secrets, cache });
    const again = await run(() => 'not asked', { input, secrets, cache });
    expect(again).toEqual({ type: 'completed', output: { echo: '***' }, shared: true });
  });

  it('is masked for each call of a batch, which all have them', async () => {
    const { run, clock } = runnerOf();
    const got: unknown[] = [];
    const handler = inBatches((calls) => {
      got.push(...calls.map((one) => one.input['token']));
      return calls.map((one, at) => (at === 0 ? { echo: one.input['token'] } : new Error(`no ${VALUE}`)));
    });
    const batch = { key: 'b', max: 2, withinMs: 10 };
    const both = Promise.all([run(handler, { input, secrets, batch }), run(handler, { input, secrets, batch })]);
    await turns(5);
    clock.advance(10);
    const outcomes = await both;
    expect(got).toEqual([VALUE, VALUE]);
    expect(outcomes[0]).toMatchObject({ output: { echo: '***' } });
    expect(outcomes[1]).toMatchObject({ type: 'failed', message: 'no ***' });
  });
});
