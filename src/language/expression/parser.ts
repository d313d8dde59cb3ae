import { Parser } from 'expr-eval';
import { BINARY_OPERATORS, FUNCTIONS, functionMark, TERNARY_OPERATORS, UNARY_OPERATORS } from './operators.js';

/** An instruction in reverse Polish order, as the library makes it. Its typings do not declare it. */
export interface Instruction {
  readonly type: string;
  readonly value: unknown;
}

/** What this project uses of the library's expression. Never its `simplify`, `substitute` or `toJSFunction`. */
export interface ParsedExpression {
  tokens: Instruction[];
  evaluate(values: Readonly<Record<string, unknown>>): unknown;
}

interface ReducedParser {
  unaryOps: object;
  binaryOps: object;
  ternaryOps: object;
  functions: object;
  consts: object;
  parse(text: string): ParsedExpression;
}

const OFF = 'concatenate factorial assignment fndef power random length min max '.concat(
  'sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh sqrt cbrt log log2 ln lg log10 expm1 log1p exp sign trunc',
);

/**
 * One parser for all expressions, with its tables replaced by ours: an operator that is only switched off would
 * still be looked up, and an inherited name such as `constructor` would be found in an ordinary object.
 */
const parser = makeParser();

function makeParser(): ReducedParser {
  const operators = bare(OFF.split(' ').map((name) => [name, false]));
  const made = new Parser({ allowMemberAccess: true, operators } as never) as unknown as ReducedParser;
  made.unaryOps = UNARY_OPERATORS;
  made.binaryOps = BINARY_OPERATORS;
  made.ternaryOps = TERNARY_OPERATORS;
  made.functions = bare(Object.entries(FUNCTIONS).map(([name, run]) => [functionMark(name), run]));
  made.consts = bare([
    ['true', true],
    ['false', false],
  ]);
  return made;
}

function bare(entries: Iterable<readonly [string, unknown]>): object {
  return Object.assign(Object.create(null) as object, Object.fromEntries(entries));
}

/** @throws {Error} of the library, mostly without a place. */
export const parseText = (text: string): ParsedExpression => parser.parse(text);
