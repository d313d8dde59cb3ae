import { describe, expect, it } from 'vitest';
import type { AttemptOutcome } from '../../src/engine/ports/handlers.js';
import { runnerOf } from './orders.js';

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
