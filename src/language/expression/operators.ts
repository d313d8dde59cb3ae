import type { ExpressionCode } from '../../core/expression.js';

/** Thrown inside an evaluation; the expression adds its text and throws on. */
export class OperatorFailure extends Error {
  constructor(
    readonly code: ExpressionCode,
    message: string,
  ) {
    super(message);
  }
}

/** What the second operand of the member operator holds: the member's name, and the path before it for the message. */
export interface MemberStep {
  readonly member: string;
  readonly path: string;
}

/** Kinds and numbers are told, texts and contents are not: messages end up in incidents and logs. */
export function describe(value: unknown): string {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'number') return `the number ${value}`;
  if (typeof value === 'string') return 'a text';
  return typeof value === 'boolean' ? String(value) : 'an object';
}

const types = (message: string): OperatorFailure => new OperatorFailure('EXPRESSION_TYPES', message);

function arithmetic(sign: string, compute: (a: number, b: number) => number) {
  return (a: unknown, b: unknown): number => {
    if (typeof a !== 'number' || typeof b !== 'number') {
      throw types(`Expected numbers on both sides of "${sign}", but they are ${describe(a)} and ${describe(b)}.`);
    }
    const answer = compute(a, b);
    if (Number.isFinite(answer)) return answer;
    throw new OperatorFailure('EXPRESSION_FAILED', `Expected a finite number, but ${a} ${sign} ${b} is ${answer}.`);
  };
}

function order(sign: string, compare: (a: never, b: never) => boolean) {
  return (a: unknown, b: unknown): boolean => {
    if (typeof a === typeof b && (typeof a === 'number' || typeof a === 'string'))
      return compare(a as never, b as never);
    throw types(`Expected two numbers or two texts around "${sign}", but they are ${describe(a)} and ${describe(b)}.`);
  };
}

const same = (a: unknown, b: unknown): boolean => (a ?? null) === (b ?? null);

function elementOf(list: unknown, index: unknown): unknown {
  if (!Array.isArray(list)) throw types(`Expected a list before "[", but it is ${describe(list)}.`);
  if (typeof index !== 'number' || !Number.isInteger(index) || index < 0) {
    throw types(`Expected a whole number from 0 between "[" and "]", but it is ${describe(index)}.`);
  }
  return list[index] ?? null;
}

function memberOf(owner: unknown, step: unknown): unknown {
  const { member, path } = step as MemberStep;
  if (owner === null || owner === undefined) {
    throw types(`Expected an object at ${path}, but it is missing, so .${member} cannot be read.`);
  }
  if (typeof owner !== 'object' || Array.isArray(owner)) {
    throw types(`Expected an object at ${path}, but it is ${describe(owner)}, so .${member} cannot be read.`);
  }
  return Object.hasOwn(owner, member) ? ((owner as Record<string, unknown>)[member] ?? null) : null;
}

function truth(value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw types(`Expected true or false around "and", "or", "not" and "?", but it is ${describe(value)}.`);
}

function number(name: string, value: unknown): number {
  if (typeof value === 'number') return value;
  throw types(`Expected a number in ${name}(…), but it is ${describe(value)}.`);
}

function text(name: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw types(`Expected a text in ${name}(…), but it is ${describe(value)}.`);
}

function table<T>(entries: Record<string, T>): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, entries);
}

/** Marks of our own that no author can write: the compiler puts them among the parser's tokens. */
export const MEMBER_MARK = '.member';
export const TRUTH_MARK = '?truth';
/** Functions live under names with brackets, so that none shadows a name of the scope. */
export const functionMark = (name: string): string => `${name}()`;

export const UNARY_OPERATORS = table<(a: unknown) => unknown>({
  '-': (a) => -number('-', a),
  '+': (a) => number('+', a),
  not: (a) => !truth(a),
  [TRUTH_MARK]: truth,
});

export const BINARY_OPERATORS = table<(a: unknown, b: unknown) => unknown>({
  '+': arithmetic('+', (a, b) => a + b),
  '-': arithmetic('-', (a, b) => a - b),
  '*': arithmetic('*', (a, b) => a * b),
  '/': arithmetic('/', (a, b) => a / b),
  '%': arithmetic('%', (a, b) => a % b),
  '==': same,
  '!=': (a, b) => !same(a, b),
  '<': order('<', (a, b) => a < b),
  '>': order('>', (a, b) => a > b),
  '<=': order('<=', (a, b) => a <= b),
  '>=': order('>=', (a, b) => a >= b),
  and: (a, b) => truth(a) && truth(b),
  or: (a, b) => truth(a) || truth(b),
  in: (a, b) => {
    if (!Array.isArray(b)) throw types(`Expected a list after "in", but it is ${describe(b)}.`);
    return b.some((item) => same(item, a));
  },
  '[': elementOf,
  [MEMBER_MARK]: memberOf,
});

export const TERNARY_OPERATORS = table({ '?': (a: unknown, b: unknown, c: unknown) => (truth(a) ? b : c) });

export const FUNCTIONS = table<(...args: unknown[]) => unknown>({
  abs: (a) => Math.abs(number('abs', a)),
  ceil: (a) => Math.ceil(number('ceil', a)),
  floor: (a) => Math.floor(number('floor', a)),
  round: (a) => Math.round(number('round', a)),
  len: (a) => (Array.isArray(a) ? a.length : [...text('len', a)].length),
  lower: (a) => text('lower', a).toLowerCase(),
  startsWith: (a, b) => text('startsWith', a).startsWith(text('startsWith', b)),
  contains: (a, b) =>
    Array.isArray(a) ? a.some((item) => same(item, b)) : text('contains', a).includes(text('contains', b)),
  has: (a, b) => {
    if (a !== null && (typeof a !== 'object' || Array.isArray(a))) {
      throw types(`Expected an object in has(…), but it is ${describe(a)}.`);
    }
    return a !== null && Object.hasOwn(a, text('has', b));
  },
});

export const ARGUMENTS: ReadonlyMap<string, number> = new Map(
  Object.keys(FUNCTIONS).map((name) => [name, ['startsWith', 'contains', 'has'].includes(name) ? 2 : 1]),
);
