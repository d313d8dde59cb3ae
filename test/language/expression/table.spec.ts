import { describe, expect, it } from 'vitest';
import { outcomeOf, scopeOf } from './compile.js';

const SCOPE = scopeOf({
  amount: 150,
  name: 'Ann',
  s10: '10',
  s9: '9',
  n: 5,
  five: '5',
  yes: true,
  no: false,
  nul: null,
  empty: '',
  list: [1, 2, 3],
  tags: ['a', 'b'],
  o: { a: { b: 7 }, list: [4, 5] },
  sum: 150,
  length: 4,
  min: 1,
  E: 'east',
  prototypeId: 1,
  round: 2,
  big: 'x'.repeat(1_000),
  when: '2026-11-21',
});

const RESERVED = /reserved name/;
const CALL = /built-in function/;
const ASSIGN = /"=" would assign/;
const TOO_LONG = /at most 1000 characters/;
const UNKNOWN = 'EXPRESSION_UNKNOWN_NAME';
const TYPES = 'EXPRESSION_TYPES';
const NOT_BOOLEAN = 'EXPRESSION_NOT_BOOLEAN';
const FAILED = 'EXPRESSION_FAILED';
const foreign = (sign: string): RegExp => new RegExp(`"${sign.replace(/[|!]/g, '\\$&')}" is none`);

/** What an expression of every suspicious kind comes to. Nothing here is ever "edge not taken" by accident. */
const TABLE: readonly [about: string, expression: string, expected: boolean | string | RegExp][] = [
  ['constructor access', '"a".constructor', RESERVED],
  ['constructor', 'constructor', RESERVED],
  ['constructor of an object', 'o.constructor', RESERVED],
  ['prototype of an object', 'o.__proto__', RESERVED],
  ['prototype', '__proto__', RESERVED],
  ['constructor by index', 'o["constructor"]', /between "\[" and "\]"/],
  ['constructor by index of a list', 'list["constructor"]', /between "\[" and "\]"/],
  ['call of a value', 'f()', CALL],
  ['function definition', 'g(x) = x * 2; g(3)', ASSIGN],
  ['assignment', 'amount = 1', ASSIGN],
  ['member assignment', 'o.a = 1', ASSIGN],
  ['prototype assignment', '__proto__ = o', ASSIGN],
  ['inherited name as operator', 'toString 5', /operator or the end/],
  ['inherited name as operator on text', 'constructor "x"', /operator or the end/],
  ['function as value', 'map(abs,[1])', CALL],
  ['process', 'process.exit()', CALL],
  ['this', 'this', UNKNOWN],
  ['globalThis', 'globalThis', UNKNOWN],
  ['import', 'import("fs")', CALL],
  ['eval', 'eval("1")', CALL],
  ['backtick', '`x`', /U\+0060/],
  ['template', '\u0024{amount}', /U\+0024/],
  ['factorial', '170!', foreign('!')],
  ['large factorial', '171!', foreign('!')],
  ['repeated factorial', `3${'!'.repeat(32)}`, foreign('!')],
  ['factorial function', 'fac(1e308)', CALL],
  ['power', '9^9^9^9', /U\+005E/],
  ['power in a comparison', '2^1023 > 1', /U\+005E/],
  ['dice', 'random() < 0.5', CALL],
  ['nesting of 500', `${'('.repeat(500)}1${')'.repeat(500)}`, TOO_LONG],
  ['nesting of 41', `${'('.repeat(41)}1${')'.repeat(41)}`, /40 nested brackets/],
  ['20,000 times not', `${'not '.repeat(20_000)}yes`, TOO_LONG],
  ['20,000 times minus', `${'-'.repeat(20_000)}1`, TOO_LONG],
  ['text of 1 MB', `"${'x'.repeat(1_000_000)}" == name`, TOO_LONG],
  ['2,000 concatenations', `big${'||big'.repeat(2_000)}`, TOO_LONG],
  ['chain of 20,000', `1${'+1'.repeat(20_000)} > 0`, TOO_LONG],
  ['2,000 choices', `${'yes?'.repeat(2_000)}1`, TOO_LONG],
  ['and of JavaScript', 'yes && no', foreign('&&')],
  ['or of JavaScript', 'no || no', foreign('||')],
  ['or between comparisons', 'amount > 1000 || n > 10', foreign('||')],
  ['not of JavaScript', '!no', foreign('!')],
  ['not of JavaScript on true', '!yes', foreign('!')],
  ['=== of JavaScript', 'n === 5', foreign('===')],
  ['single =', 'n = 6', ASSIGN],
  ['text == number', 'five == 5', false],
  ['text != number', 'five != 5', true],
  ['text > number', 's10 > 9', TYPES],
  ['text > text', 's10 > s9', false],
  ['chained comparison', '1 < n < 3', /do not chain/],
  ['plus on texts', '"a" + "b" == "ab"', /one is a text/],
  ['plus on number and text', 'n + five == 10', TYPES],
  ['missing name', 'missing > 5', UNKNOWN],
  ['missing member', 'o.zz > 5', TYPES],
  ['member of a missing member', 'o.zz.yy > 5', TYPES],
  ['member of null', 'nul.a == 1', TYPES],
  ['null == null', 'nul == null', true],
  ['undefined', 'undefined', UNKNOWN],
  ['missing member == null', 'o.zz == null', true],
  ['null > -1', 'nul > -1', TYPES],
  ['empty text', 'empty', NOT_BOOLEAN],
  ['number', 'n', NOT_BOOLEAN],
  ['text "false"', '"false"', NOT_BOOLEAN],
  ['name sum', 'sum > 100', true],
  ['name length', 'length > 3', true],
  ['name min', 'min == 1', true],
  ['name E', 'E == "east"', true],
  ['name with prototype in it', 'prototypeId == 1', RESERVED],
  ['member', 'o.a.b == 7', true],
  ['index', 'o.list[1] == 5', true],
  ['index beyond the end', 'list[9] == 1', false],
  ['negative index', 'list[-1] == 3', TYPES],
  ['text as index', 'o["a"]', /between "\[" and "\]"/],
  ['kebab', 'order-id == 3', UNKNOWN],
  ['in a list', '2 in list', true],
  ['in a list of texts', '"a" in tags', true],
  ['in a text', '"nn" in name', TYPES],
  ['in an object', '"a" in o', TYPES],
  ['in null', '1 in nul', TYPES],
  ['dates', 'when < "2027-01-01"', true],
  ['comment', 'amount /* c */ > 1', true],
  ['text without end', 'name == "Ann', /closing "/],
  ['operator at the end', 'amount >', /ends too early/],
  ['empty', '', /text is empty/],
  ['blank', '   ', /text is empty/],
  ['semicolon', '1; 2', /";" would start another/],
  ['unknown character', 'amount > #5', /U\+0023/],
  ['fault in line 2', 'amount > 1 and\n  n >> 3', /Expected a value, but found ">"/],
  ['division by zero', 'n / 0 > 1', FAILED],
  ['0/0', '0/0 == 0/0', FAILED],
  ['fractions', '0.1 + 0.2 == 0.3', false],
  ['beyond 2^53', '9007199254740993 == 9007199254740992', true],
  ['hexadecimal', '0x1F == 31', true],
  ['name beyond ASCII', 'größe > 1', UNKNOWN],
  ['emoji', '"🚀" == "🚀"', true],
  ['full-width operator', 'n ＞ 1', /U\+FF1E/],
  ['zero width', 'n\u200b > 1', /U\+200B/],
];

describe('expressions of every suspicious kind', () => {
  it('are 96', () => expect(TABLE.length).toBe(96));

  it.each(TABLE)('%s', (_, expression, expected) => {
    const outcome = outcomeOf(expression, SCOPE);
    if (expected instanceof RegExp) expect(outcome).toMatch(expected);
    else if (expected === NOT_BOOLEAN) expect(outcome).toBe(NOT_BOOLEAN);
    else expect(outcome).toBe(expected);
  });
});
