import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JSON_LIMITS, readJson } from '../../src/core/read-json.js';

const read = (text: string) => readJson(Buffer.from(text));
const fault = (text: string) => {
  const answer = read(text);
  return answer.ok ? null : `${answer.error.code}@${answer.error.offset}`;
};

describe('readJson', () => {
  it('reads an object like JSON.parse', () => {
    const text = ' {"a":[1,-0.5,2e3,true,false,null,"\\u00e9\\n\\ud83d\\ude80"], "b":{}, "c":[]}\n';
    expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });

  it('takes whatever JSON.stringify writes of an object', () => {
    const safe = fc.dictionary(
      fc.string({ unit: 'grapheme' }).filter((name) => !['__proto__', 'constructor', 'prototype'].includes(name)),
      fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.maxSafeInteger(),
        fc.boolean(),
        fc.array(fc.double({ noNaN: true, noDefaultInfinity: true, max: 1e15, min: -1e15 })),
      ),
    );
    fc.assert(
      fc.property(safe, (value) => {
        const text = JSON.stringify(value);
        expect(read(text)).toEqual({ ok: true, value: JSON.parse(text) });
      }),
    );
  });

  it('refuses exactly the texts that JSON.parse refuses, never throwing', () => {
    const pieces = fc.array(
      fc.constantFrom(
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '"a"',
        '"',
        '1',
        '-',
        '.5',
        'e9',
        'true',
        'nul',
        ' ',
        '\\',
        '\u0001',
        '01',
      ),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(pieces, (parts) => {
        const text = `{"a":${parts.join('')}}`;
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        expect(read(text).ok).toBe(parses);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    ['', 'NOT_JSON@0'],
    ['{"a":1', 'NOT_JSON@6'],
    ['{"a":tru}', 'NOT_JSON@5'],
    ["{'a':1}", 'NOT_JSON@1'],
    ['{"a":1,}', 'NOT_JSON@7'],
    ['{"a":01}', 'NOT_JSON@6'],
    ['{} x', 'NOT_JSON@3'],
    ['{"a":"\\x"}', 'NOT_JSON@7'],
    ['\ufeff{}', 'NOT_JSON@0'],
  ])('S1: %j is no JSON, with the place', (text, expected) => {
    expect(fault(text)).toBe(expected);
  });

  it('S1: bytes that are no UTF-8 are no JSON', () => {
    const answer = readJson(Uint8Array.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]));
    expect(answer).toMatchObject({ ok: false, error: { code: 'NOT_JSON' } });
  });

  it.each(['[]', '"text"', '12', 'null', 'true'])('S3: %s is not an object', (text) => {
    expect(fault(text)).toBe('NOT_AN_OBJECT@0');
  });

  it('S4: more bytes than the limit are refused unread', () => {
    const text = `{"a":"${'x'.repeat(JSON_LIMITS.bytes)}"}`;
    expect(fault(text)).toBe(`TOO_LARGE@${JSON_LIMITS.bytes}`);
  });

  it('S5: 64 levels pass, one more does not, 100,000 cost nothing', () => {
    const nested = (levels: number) => '{"a":'.repeat(levels - 1) + '{}' + '}'.repeat(levels - 1);
    expect(read(nested(64)).ok).toBe(true);
    expect(fault(nested(65))).toBe('TOO_DEEP@320');
    expect(fault(`{"a":${'['.repeat(100_000)}`)).toMatch(/^TOO_DEEP@/);
  });

  it.each(['__proto__', 'constructor', 'prototype', '\\u005f_proto__', 'c\\u006fnstructor'])(
    'S6: the name %s is refused at any depth',
    (name) => {
      expect(fault(`{"${name}":1}`)).toBe('RESERVED_NAME@1');
      expect(fault(`{"a":[{"${name}":{}}]}`)).toBe('RESERVED_NAME@7');
      expect(read(`{"a":"${name}"}`).ok).toBe(true);
    },
  );

  it('S7: of duplicate names the last wins', () => {
    expect(read('{"a":1,"a":2}')).toEqual({ ok: true, value: { a: 2 } });
  });

  it.each(['12345678901234567890', '-9007199254740993', '1e999', '-1e400'])(
    'S8: %s would change and is refused',
    (text) => {
      expect(fault(`{"n":${text}}`)).toBe('NUMBER_TOO_LARGE@5');
    },
  );

  it.each(['9007199254740991', '1e20', '0.1', '-0'])('S8: %s is kept', (text) => {
    expect(read(`{"n":${text}}`)).toEqual({ ok: true, value: { n: Number(text) } });
  });

  it('S9: four-byte characters are kept', () => {
    expect(read('{"🚀":"🚀"}')).toEqual({ ok: true, value: { '🚀': '🚀' } });
  });

  it.each(['\\ud800', 'a\\udc00b', '\\ud83d\\ud83d'])('S10: half a surrogate pair in %s is refused', (text) => {
    expect(fault(`{"a":"${text}"}`)).toBe('LONE_SURROGATE@5');
    expect(fault(`{"${text}":1}`)).toBe('LONE_SURROGATE@1');
  });
});
