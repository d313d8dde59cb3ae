import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AttemptOutcome, Completed } from '../../src/engine/ports/handlers.js';
import { runnerOf } from './orders.js';

const returning = (value: unknown): Promise<AttemptOutcome> => runnerOf().run(() => value);

const nested = (levels: number): unknown => {
  let value: unknown = 1;
  for (let i = 0; i < levels; i++) value = { a: value };
  return value;
};

class Account {
  readonly #secret = 1;
  constructor(readonly id: string) {}
  get secret(): number {
    return this.#secret;
  }
}

describe('S23 what handlers return', () => {
  it.each<[string, unknown, unknown]>([
    ['undefined', undefined, null],
    ['null', null, null],
    ['false', false, false],
    ['a text', 'PAID', 'PAID'],
    ['a Date', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['undefined members', { a: undefined, b: [undefined] }, { b: [null] }],
    ['a class instance', new Account('a1'), { id: 'a1' }],
    ['an object of toJSON', { toJSON: () => ({ x: 1 }) }, { x: 1 }],
    ['an object without prototype', Object.assign(Object.create(null), { x: 1 }), { x: 1 }],
    ['the same object twice', ((a) => ({ x: a, y: a }))({ z: 1 }), { x: { z: 1 }, y: { z: 1 } }],
    ['negative zero', -0, 0],
    ['half a character', 'a\ud83d', 'a\ufffd'],
    ['a boxed text', Object('x'), 'x'],
    ['64 levels', nested(64), JSON.parse(JSON.stringify(nested(64)))],
  ])('%s is made plain JSON', async (_, value, output) => {
    await expect(returning(value)).resolves.toEqual({ type: 'completed', output });
  });

  it('are known as they are written', async () => {
    const names = fc.constantFrom('a', '1', 'n\u00e4me', 'half\ud800', 'half\udfff', '"');
    const values = fc.oneof(
      fc.anything({ withDate: true, withNullPrototype: true }),
      fc.dictionary(names, fc.string()),
    );
    let known = 0;
    await fc.assert(
      fc.asyncProperty(values, async (value) => {
        const outcome = await returning(value);
        if (outcome.type !== 'completed') return;
        known++;
        const { output } = outcome;
        const text = JSON.stringify(output);
        expect(Completed.writtenOf(outcome)).toEqual({ text, bytes: Buffer.byteLength(text) });
      }),
      { numRuns: 500 },
    );
    expect(known).toBeGreaterThan(100);
  });

  const circle: Record<string, unknown> = {};
  circle['self'] = { again: circle };
  const endless = { toJSON: (): unknown => [endless] };

  it.each<[string, unknown, string]>([
    ['a BigInt', { amount: 5n }, 'result.amount is a BigInt'],
    ['a function', () => 1, 'result is a function'],
    ['a nested function', { a: [{ f: () => 1 }] }, 'result.a[0].f is a function'],
    ['a symbol', { s: Symbol('x') }, 'result.s is a symbol'],
    ['a circle', circle, 'result.self.again is a reference to what contains it'],
    ['NaN', { n: Number.NaN }, 'result.n is NaN'],
    ['Infinity', [Number.POSITIVE_INFINITY], 'result[0] is Infinity'],
    ['an invalid Date', new Date('x'), 'result is an invalid Date'],
    ['a Map', { m: new Map() }, 'result.m is a Map'],
    ['a Set', new Set([1]), 'result is a Set'],
    ['a promise inside', { p: Promise.resolve(1) }, 'result.p is a Promise'],
    ['an Error', new Error('x'), 'result is an Error'],
    ['a reserved name', JSON.parse('{"a":{"__proto__":{"admin":true}}}'), 'result.a.__proto__ is a reserved name'],
    ['65 levels', nested(65), 'more than 64 levels deep'],
    ['an endless toJSON', endless, 'a reference to what contains it'],
    [
      'a getter that throws',
      {
        get a() {
          throw new Error('not now');
        },
      },
      'not now',
    ],
    ['a revoked proxy', revoked(), 'revoked'],
  ])('%s is refused for good: RESULT_NOT_SERIALISABLE', async (_, value, words) => {
    const outcome = await returning(value);
    expect(outcome).toMatchObject({ type: 'failed', code: 'RESULT_NOT_SERIALISABLE', permanent: true });
    expect(outcome).toHaveProperty('message', expect.stringContaining(words));
  });

  it.each<[string, unknown]>([
    ['a text of 5 MB', 'x'.repeat(5_000_000)],
    ['many bytes per character', '€'.repeat(30_000)],
    ['escapes', '\u0001'.repeat(20_000)],
    ['a long list', new Array(100_000)],
    ['long keys', { ['k'.repeat(70_000)]: 1 }],
  ])('%s is refused for good: RESULT_TOO_LARGE', async (_, value) => {
    const outcome = await returning(value);
    expect(outcome).toMatchObject({ type: 'failed', code: 'RESULT_TOO_LARGE', permanent: true });
  });

  it('takes a result of exactly 64 KiB', async () => {
    await expect(returning('x'.repeat(65_534))).resolves.toMatchObject({ type: 'completed' });
    await expect(returning('x'.repeat(65_535))).resolves.toMatchObject({ code: 'RESULT_TOO_LARGE' });
  });

  it('stops early at an object that never ends', async () => {
    let made = 0;
    const tree = (): object =>
      new Proxy(
        {},
        {
          ownKeys: () => ['a', 'b', 'c'],
          getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
          get: (_target, key) => (typeof key === 'string' && key.length === 1 ? (made++, tree()) : undefined),
        },
      );
    const outcome = await returning({ tree: tree() });
    expect(outcome).toMatchObject({ type: 'failed', permanent: true });
    expect(made).toBeLessThan(70_000);
  });
});

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return { proxy };
}
