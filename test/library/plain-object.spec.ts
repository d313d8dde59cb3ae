import { describe, expect, it } from 'vitest';
import { plainObject } from '../../src/library/plain-object.js';

const circle: { self?: object } = {};
circle.self = circle;
const deep = (levels: number): unknown => JSON.parse('{"a":'.repeat(levels) + '1' + '}'.repeat(levels));

describe('what an application hands over', () => {
  it('is what will be read back', () => {
    const given = { at: new Date(0), gone: undefined, list: [undefined, 1], text: '🚀' };
    expect(plainObject(given)).toEqual({
      ok: true,
      value: { at: '1970-01-01T00:00:00.000Z', list: [null, 1], text: '🚀' },
    });
    expect(plainObject(deep(64)).ok).toBe(true);
  });

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'NOT_JSON'],
    ['a list', [1], 'NOT_AN_OBJECT'],
    ['a text', 'a', 'NOT_AN_OBJECT'],
    ['a number that is none', { a: { n: Number.NaN } }, 'NOT_JSON'],
    ['a BigInt', { n: 1n }, 'NOT_JSON'],
    ['a function', { f: () => 1 }, 'NOT_JSON'],
    ['a Map', { m: new Map([[1, 2]]) }, 'NOT_JSON'],
    ['a circle', circle, 'NOT_JSON'],
    ['65 levels', deep(65), 'TOO_DEEP'],
    ['a hundred thousand levels', Array.from({ length: 100_000 }).reduce((inner) => ({ inner }), 1), 'TOO_DEEP'],
    ['a name that is reserved', JSON.parse('{"a":{"__proto__":{"b":1}}}'), 'RESERVED_NAME'],
    ['half a character', { t: '\ud800' }, 'LONE_SURROGATE'],
    ['digits that get lost', { n: 2 ** 60 }, 'NUMBER_TOO_LARGE'],
  ])('is refused if it is or holds %s', (_, value, code) => {
    expect(plainObject(value)).toMatchObject({
      ok: false,
      error: { code, message: expect.stringMatching(/^Expected/) },
    });
  });
});
