import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { ExpressionFailure } from '../../../src/core/expression.js';
import { compileExpression } from '../../../src/language/expression/compile/compile-expression.js';
import { compiled, outcomeOf, scopeOf } from './compile.js';

const SCOPE = scopeOf({ kyc: { pass: true, score: 640, tags: ['new', 'vip'], note: null }, n: 2, round: 7, yes: true });

describe('an expression', () => {
  it('gives the values of its parts, in value position', () => {
    const value = (text: string): unknown => compiled(text).value(SCOPE);
    expect(value('kyc.score')).toBe(640);
    expect(value("'PAID'")).toBe('PAID');
    expect(value('[n, kyc.tags[0], null]')).toEqual([2, 'new', null]);
    expect(value('kyc.none')).toBeNull();
    expect(value('kyc')).toEqual({ pass: true, score: 640, tags: ['new', 'vip'], note: null });
    expect(value('n > 1 ? "many" : "one"')).toBe('many');
    expect(value('-n + 3 * 2 % 4')).toBe(0);
  });

  it('knows its functions, and names like them stay readable', () => {
    const table: [string, unknown][] = [
      ['abs(0 - 2)', 2],
      ['ceil(1.2)', 2],
      ['floor(1.8)', 1],
      ['round(1.5)', 2],
      ['round + round(1.4)', 8],
      ['len(kyc.tags)', 2],
      ['len("🚀ä")', 2],
      ['lower("ÄB")', 'äb'],
      ['startsWith("ACCOUNT_CLOSED", "ACCOUNT_")', true],
      ['contains("abc", "bc")', true],
      ['contains(kyc.tags, "vip")', true],
      ['has(kyc, "note")', true],
      ['has(kyc, "none")', false],
      ['has(kyc.none, "x")', false],
      ['has(kyc, "toString")', false],
    ];
    for (const [text, expected] of table) expect(compiled(text).value(SCOPE), text).toEqual(expected);
  });

  it('refuses a wrong number of arguments, and a wrong kind of one', () => {
    expect(outcomeOf('len(n, n) == 1', SCOPE)).toMatch(/Expected 1 values in len/);
    expect(outcomeOf('len(n) == 1', SCOPE)).toBe('EXPRESSION_TYPES');
    expect(outcomeOf('contains(n, 1)', SCOPE)).toBe('EXPRESSION_TYPES');
    expect(outcomeOf('has(n, "a")', SCOPE)).toBe('EXPRESSION_TYPES');
  });

  it('decides by booleans alone', () => {
    expect(outcomeOf('n and yes', SCOPE)).toBe('EXPRESSION_TYPES');
    expect(outcomeOf('yes and n', SCOPE)).toBe('EXPRESSION_TYPES');
    expect(outcomeOf('not n', SCOPE)).toBe('EXPRESSION_TYPES');
    expect(outcomeOf('(n ? 1 : 2) == 1', SCOPE)).toBe('EXPRESSION_TYPES');
    expect(outcomeOf('yes or missing.x', SCOPE)).toBe(true);
    expect(outcomeOf('not yes and missing.x', SCOPE)).toBe(false);
  });

  it('reads the paths that it names, and nothing inherited', () => {
    expect(compiled('kyc.score >= 620 and kyc.score < n or has(kyc, "x")').reads).toEqual([
      ['kyc', 'score'],
      ['n'],
      ['kyc'],
    ]);
    expect(compiled('len(a.b[c.d].e)').reads).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(compiled('"a" == "b.c"').reads).toEqual([]);
    expect(outcomeOf('kyc.tags.length == 2', SCOPE)).toBe('EXPRESSION_TYPES');
    expect(outcomeOf('kyc.hasOwnProperty == null', SCOPE)).toMatch(/reserved/);
  });

  it('tells the path that was missing', () => {
    const failure = failureOf('kyc.none.deep > 1');
    expect(failure.code).toBe('EXPRESSION_TYPES');
    expect(failure.message).toBe('Expected an object at kyc.none, but it is missing, so .deep cannot be read.');
    expect(failure.text).toBe('kyc.none.deep > 1');
  });

  it('keeps texts out of its messages, for these are logged', () => {
    expect(failureOf('kyc.tags[0] > 1').message).not.toContain('new');
  });

  it('shows as its text and what it reads', () => {
    expect(JSON.parse(JSON.stringify(compiled('n > 1')))).toEqual({ text: 'n > 1', reads: [['n']] });
  });

  it.each([
    ['amount > 1000 || vip', 14, 16],
    ['amount >', 8, 9],
    ['amount > 1 and\n  n >> 3', 20, 21],
    ['(a b)', 3, 4],
    ['a.b.constructor == 1', 4, 15],
    ['(a', 2, 3],
    ['f(x)', 0, 1],
  ])('places the fault in %j', (text, start, end) => {
    const result = compileExpression(text);
    expect(result.ok ? null : [result.error.start, result.error.end]).toEqual([start, end]);
  });

  it('is evaluated in a few microseconds', () => {
    const expression = compiled('kyc.pass and kyc.score >= 620 and kyc.note == null');
    for (let i = 0; i < 20_000; i++) expression.test(SCOPE);
    const from = performance.now();
    for (let i = 0; i < 20_000; i++) expression.test(SCOPE);
    // About 2.5 µs on the machine it was written on; ten times that is a fault and no slow machine.
    expect((performance.now() - from) / 20).toBeLessThan(25);
  });
});

describe('the package under the name expr-eval', () => {
  it('is the patched fork, exactly this version', () => {
    const main = createRequire(import.meta.url).resolve('expr-eval');
    const [root] = main.split('/dist/');
    const { name, version } = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'));
    expect(`${name}@${version}`).toBe('expr-eval-fork@3.0.3');
  });
});

function failureOf(text: string): ExpressionFailure {
  try {
    compiled(text).test(SCOPE);
  } catch (error) {
    if (error instanceof ExpressionFailure) return error;
  }
  throw new Error(`Expected ${text} to fail.`);
}
