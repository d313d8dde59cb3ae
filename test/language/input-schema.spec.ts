import { describe, expect, it } from 'vitest';
import { compileInputCheck, InvalidInputSchema } from '../../src/language/input-schema.js';

describe('the check of a start input', () => {
  const check = compileInputCheck({
    $id: 'https://example.org/loan',
    type: 'object',
    required: ['loanId', 'amount'],
    properties: {
      loanId: { type: 'string' },
      amount: { type: 'number', minimum: 1 },
      mail: { type: 'string', format: 'email' },
    },
    additionalProperties: false,
  });

  it('finds nothing in a good input', () => {
    expect(check({ loanId: 'L1', amount: 5, mail: 'a@example.org' })).toEqual([]);
  });

  it('names every fault with its pointer', () => {
    const faults = check({ amount: '5', mail: 'nobody', more: 1 });
    expect(faults.map(({ pointer }) => pointer).sort()).toEqual(['', '', '/amount', '/mail']);
    for (const { message } of faults) expect(message).toMatch(/^Expected .+, but .+\.$/);
    expect(faults.find(({ message }) => message.includes('`more`'))).toBeDefined();
  });

  it('neither coerces nor fills in', () => {
    const input = { type: 1 };
    compileInputCheck({ properties: { type: { type: 'string' }, more: { default: 1 } } })(input);
    expect(input).toEqual({ type: 1 });
  });

  it('takes the same $id twice', () => {
    const schema = { $id: 'https://example.org/same', type: 'object' };
    compileInputCheck(schema);
    expect(compileInputCheck(schema)({})).toEqual([]);
  });

  it('F26: refuses what is no JSON Schema, and references to elsewhere', () => {
    expect(() => compileInputCheck({ type: 'objekt' })).toThrow(InvalidInputSchema);
    expect(() => compileInputCheck({ $ref: 'https://example.org/other.json' })).toThrow(InvalidInputSchema);
    expect(() => compileInputCheck({ properties: { a: { $ref: '#/$defs/none' } } })).toThrow(InvalidInputSchema);
  });

  it('F26: refuses what refers to itself without end, and says so of a value that leads there', () => {
    const $defs = { a: { $ref: '#/$defs/b' }, b: { $ref: '#/$defs/a' } };
    for (const schema of [{ $ref: '#' }, { $ref: '#/$defs/a', $defs }, { $dynamicAnchor: 'n', $dynamicRef: '#n' }])
      expect(() => compileInputCheck(schema)).toThrow('it refers to itself without end');
    const tree = compileInputCheck({
      type: 'object',
      properties: { child: { $ref: '#' }, loop: { $ref: '#/$defs/l' } },
      $defs: { l: { allOf: [{ $ref: '#/$defs/l' }] } },
    });
    expect(tree({ child: { child: {} } })).toEqual([]);
    expect(tree({ loop: 1 })).toMatchObject([{ pointer: '', message: expect.stringContaining('without end') }]);
    expect(tree({ child: { child: [] } })).toMatchObject([{ pointer: '/child/child' }]);
  });

  it('is no promise, whatever the schema says: one would always be true', () => {
    const asked = compileInputCheck({ $async: true, type: 'object', required: ['a'] });
    expect(asked({})).toHaveLength(1);
    expect(asked({ a: 1 })).toEqual([]);
  });
});
