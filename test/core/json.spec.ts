import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Json, jsonBytes } from '../../src/core/json.js';

const written = (value: Json): number => Buffer.byteLength(JSON.stringify(value));

describe('the bytes of a value as JSON', () => {
  it('are those that it has when it is written', () => {
    fc.assert(
      fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) => {
        expect(jsonBytes(value as Json)).toBe(written(value as Json));
      }),
    );
  });

  it.each([
    ['', 2],
    ['\ud83d\ude80', 6],
    ['\ud83d', 8],
    ['\ude80\ud83d', 14],
    ['\u0000\n"\\', 14],
    [{}, 2],
    [[], 2],
    [{ a: [1, -0, 1e21] }, written({ a: [1, -0, 1e21] })],
  ])('of %j are %i', (value, bytes) => {
    expect(jsonBytes(value)).toBe(bytes);
    expect(written(value)).toBe(bytes);
  });
});
