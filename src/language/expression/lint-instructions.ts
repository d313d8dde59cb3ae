import { ExpressionFault } from './fault.js';
import { ARGUMENTS, functionMark, MEMBER_MARK, type MemberStep, TRUTH_MARK, UNARY_OPERATORS } from './operators.js';
import type { Instruction } from './parser.js';
import { FUNCTION_NAMES, isPrototypeName, isUnreadableName } from './reserved-names.js';

const MAX_INSTRUCTIONS = 200;
const COMPARISONS: ReadonlySet<unknown> = new Set(['==', '!=', '<', '>', '<=', '>=', 'in']);
const BOOLEAN_FUNCTIONS: ReadonlySet<string> = new Set(['contains', 'has', 'startsWith']);
const TEXT_FUNCTIONS: ReadonlySet<string> = new Set(['lower']);

export type ResultKind = 'boolean' | 'number' | 'text' | 'list' | 'unknown';

interface Term {
  readonly result: ResultKind;
  readonly isComparison?: boolean;
  /** For a name that may turn out to be called: where its instruction went. */
  readonly name?: { readonly text: string; readonly at: number };
  readonly path?: string;
  readonly literal?: unknown;
}

/** Finds the place of a fault in the text; the instructions know none. */
export type Finder = (name: string | null) => { readonly start: number; readonly end: number };

/**
 * Allows only what the safe subset knows, and makes it strict: members go through an operator of ours that reads own
 * members alone, and whatever decides (`and`, `or`, `?`) must be a boolean, where the library takes any value.
 *
 * @throws {ExpressionFault}
 */
export function lintInstructions(
  tokens: readonly Instruction[],
  find: Finder,
): { tokens: Instruction[]; result: ResultKind } {
  const lint = new Lint(find);
  const { out, top } = lint.walk(tokens);
  return { tokens: out, result: top.result };
}

class Lint {
  private count = 0;
  constructor(private readonly find: Finder) {}

  walk(tokens: readonly Instruction[]): { out: Instruction[]; top: Term } {
    const out: Instruction[] = [];
    const stack: Term[] = [];
    for (const token of tokens) {
      this.count += 1;
      if (this.count > MAX_INSTRUCTIONS) {
        throw this.fault(null, `Expected at most ${MAX_INSTRUCTIONS} values and operators, but there are more.`);
      }
      stack.push(this.step(token, stack, out));
    }
    const top = stack.pop();
    if (!top || stack.length > 0) throw this.fault(null, 'Expected one value, but there are several.');
    return { out, top };
  }

  private step(token: Instruction, stack: Term[], out: Instruction[]): Term {
    const value = token.value;
    switch (token.type) {
      case 'INUMBER':
        out.push(token);
        return this.literal(value);
      case 'IVAR':
        out.push(token);
        return this.name(String(value), out.length - 1);
      case 'IMEMBER':
        return this.member(String(value), this.pop(stack), out);
      case 'IOP1':
        this.pop(stack);
        out.push(token);
        return { result: value === 'not' ? 'boolean' : 'number' };
      case 'IOP2':
        return this.binary(token, stack, out);
      case 'IOP3':
        return this.choice(token, stack, out);
      case 'IFUNCALL':
        return this.call(Number(value), stack, out, token);
      case 'IARRAY':
        for (let i = 0; i < Number(value); i++) this.pop(stack);
        out.push(token);
        return { result: 'list' };
      case 'IEXPR': {
        const { out: inner, top } = this.walk(value as Instruction[]);
        out.push({ type: 'IEXPR', value: inner });
        return top;
      }
      default:
        throw this.fault(null, 'Expected values, operators and built-in functions, but there is something else.');
    }
  }

  private literal(value: unknown): Term {
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw this.fault(null, 'Expected a finite number, but a number here is too large.');
    }
    const result = typeof value === 'boolean' ? 'boolean' : typeof value === 'number' ? 'number' : 'text';
    return { result, literal: value };
  }

  private name(text: string, at: number): Term {
    // The parser takes an operator without an operand for a value: the operator's own function.
    if (text in UNARY_OPERATORS) throw this.fault(text, `Expected a value after "${text}", but there is none.`);
    if (isUnreadableName(text))
      throw this.fault(text, `Expected a name that can be read, but "${text}" is a reserved name.`);
    return { result: 'unknown', name: { text, at }, path: text };
  }

  private member(member: string, owner: Term, out: Instruction[]): Term {
    if (isPrototypeName(member)) {
      throw this.fault(member, `Expected a name that can be read, but "${member}" is a reserved name.`);
    }
    if (owner.result !== 'unknown')
      throw this.fault(member, `Expected an object before ".${member}", but it is a ${owner.result}.`);
    const path = owner.path ?? 'the value before it';
    const step: MemberStep = { member, path };
    out.push({ type: 'INUMBER', value: step }, { type: 'IOP2', value: MEMBER_MARK });
    return { result: 'unknown', path: `${path}.${member}` };
  }

  private binary(token: Instruction, stack: Term[], out: Instruction[]): Term {
    const right = this.pop(stack);
    const left = this.pop(stack);
    if (token.value === 'and' || token.value === 'or') {
      this.decide(out, 1);
      const branch = out.at(-1)?.value as Instruction[];
      branch.push({ type: 'IOP1', value: TRUTH_MARK });
      out.push(token);
      return { result: 'boolean' };
    }
    out.push(token);
    if (COMPARISONS.has(token.value)) {
      if (left.isComparison) {
        throw this.fault(null, 'Expected one comparison, but comparisons do not chain.', 'Write "a < b and b < c".');
      }
      return { result: 'boolean', isComparison: true };
    }
    if (token.value === '[') {
      if (typeof right.literal === 'string') {
        const hint = /^[A-Za-z_]\w*$/.test(right.literal) ? `Write ${left.path ?? 'o'}.${right.literal}.` : null;
        throw this.fault(null, 'Expected a whole number between "[" and "]", but it is a text.', hint);
      }
      return { result: 'unknown', path: `${left.path ?? 'a list'}[…]` };
    }
    if (token.value === '+' && (left.result === 'text' || right.result === 'text')) {
      throw this.fault(
        null,
        'Expected numbers around "+", but one is a text.',
        'Join texts in the handler that needs them.',
      );
    }
    return { result: 'number' };
  }

  private choice(token: Instruction, stack: Term[], out: Instruction[]): Term {
    const no = this.pop(stack);
    const yes = this.pop(stack);
    this.pop(stack);
    this.decide(out, 2);
    out.push(token);
    return { result: yes.result === no.result ? yes.result : 'unknown' };
  }

  /** Puts the strict check between what decides and the branches that wait for it. */
  private decide(out: Instruction[], branches: number): void {
    out.splice(out.length - branches, 0, { type: 'IOP1', value: TRUTH_MARK });
  }

  private call(given: number, stack: Term[], out: Instruction[], token: Instruction): Term {
    for (let i = 0; i < given; i++) this.pop(stack);
    const callee = this.pop(stack).name;
    const wanted = callee ? ARGUMENTS.get(callee.text) : undefined;
    if (!callee || wanted === undefined) {
      const known = FUNCTION_NAMES.join(', ');
      throw this.fault(callee?.text ?? null, 'Expected a built-in function, but this is none.', `There are ${known}.`);
    }
    if (given !== wanted) {
      throw this.fault(callee.text, `Expected ${wanted} values in ${callee.text}(…), but there are ${given}.`);
    }
    out[callee.at] = { type: 'IVAR', value: functionMark(callee.text) };
    out.push(token);
    if (BOOLEAN_FUNCTIONS.has(callee.text)) return { result: 'boolean' };
    return { result: TEXT_FUNCTIONS.has(callee.text) ? 'text' : 'number' };
  }

  private pop(stack: Term[]): Term {
    const term = stack.pop();
    if (term) return term;
    throw this.fault(null, 'Expected a value for every operator, but one is missing.');
  }

  private fault(name: string | null, message: string, hint: string | null = null): ExpressionFault {
    const { start, end } = this.find(name);
    return new ExpressionFault(message, hint, start, end);
  }
}
