import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ExpressionFailure } from '../../../src/core/expression.js';
import { compileExpression } from '../../../src/language/expression/compile/compile-expression.js';
import { scopeOf } from './compile.js';

const WORDS = [
  ...'a o list name n nul input vars result constructor __proto__ prototype toString valueOf abs len has map fold'.split(
    ' ',
  ),
  ...'and or not in true false null if random 0 1 2.5 1e999 "x" "__proto__" \'y\' 0x1F'.split(' '),
  ...'+ - * / % == != < > <= >= = && || ! ? : . , ( ) [ ] { } ; ^ | & /* */ -> \n $ ` \\ "'.split(' '),
];
const token = fc.constantFrom(...WORDS);
const spaced = fc.array(token, { maxLength: 14 }).map((words) => words.join(' '));
const dense = fc.array(token, { maxLength: 14 }).map((words) => words.join(''));
const text = fc.oneof(spaced, dense, fc.string({ unit: 'grapheme', maxLength: 40 }));

const VALUES = { a: 1, o: { a: { b: [1, 2] }, f: 'x' }, list: [1, [2], { c: null }], name: 'Ann', n: 5, nul: null };

describe('any text as an expression', () => {
  it('is refused in our words, or gives JSON, and touches nothing', () => {
    const before = JSON.stringify(VALUES);
    const globals = Object.getOwnPropertyNames(Object.prototype).join();
    const scope = scopeOf(VALUES);
    deepFreeze(scope);
    let parsed = 0;
    fc.assert(
      fc.property(text, (written) => {
        const result = compileExpression(written);
        if (!result.ok) {
          const { message, start, end } = result.error;
          expect(message).toMatch(/^Expected [\s\S]+, but [\s\S]+\.$/);
          expect(start).toBeGreaterThanOrEqual(0);
          expect(end).toBeGreaterThan(start);
          return;
        }
        parsed += 1;
        const value = answerOf(() => result.value.expression.value(scope));
        if (value !== undefined) expect(JSON.parse(JSON.stringify(value))).toEqual(value);
      }),
      { numRuns: 20_000 },
    );
    expect(parsed).toBeGreaterThan(100);
    expect(JSON.stringify(VALUES)).toBe(before);
    expect(JSON.stringify(scope)).toBe(before);
    expect(Object.getOwnPropertyNames(Object.prototype).join()).toBe(globals);
  });
});

function answerOf(run: () => unknown): unknown {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof ExpressionFailure)) throw error;
    expect(error.message).toMatch(/^Expected [\s\S]+, but [\s\S]+\.$/);
    return undefined;
  }
}

function deepFreeze(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
