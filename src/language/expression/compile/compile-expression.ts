import { type Expression, ExpressionFailure, type Scope } from '../../../core/expression.js';
import type { Json } from '../../../core/json.js';
import { err, ok, type Result } from '../../../core/result.js';
import { ExpressionFault } from '../fault.js';
import { type Lexeme, lexExpression } from '../lex-expression.js';
import { type Finder, lintInstructions, type ResultKind } from '../lint-instructions.js';
import { locateFault } from '../locate-fault.js';
import { describe, OperatorFailure } from '../operators.js';
import { type ParsedExpression, parseText } from '../parser.js';

/** A path that an expression reads, with its place in the text. */
export interface ReadPath {
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
}

export interface CompiledExpression {
  readonly expression: Expression;
  readonly paths: readonly ReadPath[];
  /** What it gives, where that is known without a scope. */
  readonly result: ResultKind;
  /** Reads nothing, so it always gives the same. */
  readonly constant: boolean;
}

const MAX_PATH = 32;

/** Compiles one expression of the safe subset. Never throws, whatever the text. */
export function compileExpression(text: string): Result<CompiledExpression, ExpressionFault> {
  try {
    const lexemes = lexExpression(text);
    const parsed = parse(text, lexemes);
    const linted = lintInstructions(parsed.tokens, finder(text, lexemes));
    parsed.tokens = linted.tokens;
    const paths = readPaths(lexemes);
    checkDepth(paths);
    const expression = new SafeExpression(text, leafPaths(paths), parsed);
    return ok({ expression, paths, result: linted.result, constant: paths.length === 0 });
  } catch (error) {
    if (error instanceof ExpressionFault) return err(error);
    return err(new ExpressionFault('Expected an expression, but it cannot be read.', null, 0, text.length));
  }
}

function parse(text: string, lexemes: readonly Lexeme[]): ParsedExpression {
  try {
    return parseText(text);
  } catch {
    throw locateFault(text, lexemes);
  }
}

function finder(text: string, lexemes: readonly Lexeme[]): Finder {
  return (name) =>
    lexemes.find((lexeme) => lexeme.kind !== 'text' && lexeme.text === name) ?? { start: 0, end: text.length };
}

/** Names that are not called and not members start a path; `.name` continues it. */
function readPaths(lexemes: readonly Lexeme[]): ReadPath[] {
  const paths: ReadPath[] = [];
  const isDot = (lexeme: Lexeme | undefined): boolean => lexeme?.kind === 'sign' && lexeme.text === '.';
  lexemes.forEach((lexeme, index) => {
    if (lexeme.kind !== 'name' || isDot(lexemes[index - 1])) return;
    const following = lexemes[index + 1];
    if (following?.kind === 'sign' && following.text === '(') return;
    const path = [lexeme.text];
    let last = lexeme;
    for (let i = index + 1; isDot(lexemes[i]) && lexemes[i + 1]?.kind === 'name'; i += 2) {
      last = lexemes[i + 1] as Lexeme;
      path.push(last.text);
    }
    paths.push({ path, start: lexeme.start, end: last.end });
  });
  return paths;
}

function checkDepth(paths: readonly ReadPath[]): void {
  const deep = paths.find(({ path }) => path.length > MAX_PATH);
  if (!deep) return;
  const message = `Expected a path of at most ${MAX_PATH} names, but it has ${deep.path.length}.`;
  throw new ExpressionFault(message, null, deep.start, deep.end);
}

function leafPaths(paths: readonly ReadPath[]): readonly (readonly string[])[] {
  const seen = new Map(paths.map(({ path }) => [path.join('.'), path]));
  return [...seen.values()];
}

class SafeExpression implements Expression {
  // Hidden from JSON and logs: an expression shows as its text and what it reads.
  readonly #parsed: ParsedExpression;
  readonly #roots: readonly string[];

  constructor(
    readonly text: string,
    readonly reads: readonly (readonly string[])[],
    parsed: ParsedExpression,
  ) {
    this.#parsed = parsed;
    this.#roots = [...new Set(reads.map((path) => path[0] as string))];
  }

  test(scope: Scope): boolean {
    const answer = this.evaluate(scope);
    if (typeof answer === 'boolean') return answer;
    throw this.failure('EXPRESSION_NOT_BOOLEAN', `Expected true or false, but the condition gave ${describe(answer)}.`);
  }

  value(scope: Scope): Json {
    return (this.evaluate(scope) ?? null) as Json;
  }

  /** The library gets a scope of its own, without prototype and with nothing but what the text names. */
  private evaluate(scope: Scope): unknown {
    const values = Object.create(null) as Record<string, unknown>;
    values['null'] = null;
    for (const root of this.#roots) {
      if (Object.hasOwn(scope, root)) values[root] = scope[root];
    }
    try {
      return this.#parsed.evaluate(values);
    } catch (error) {
      throw this.translate(error, values);
    }
  }

  private translate(error: unknown, values: Record<string, unknown>): ExpressionFailure {
    if (error instanceof OperatorFailure) return this.failure(error.code, error.message);
    const absent = this.#roots.filter((root) => values[root] === undefined);
    if (absent.length > 0) {
      const names = absent.map((name) => `"${name}"`).join(' and ');
      const message = `Expected a value for ${names}, but no node of that name has finished and the scope has none.`;
      return this.failure('EXPRESSION_UNKNOWN_NAME', message);
    }
    return this.failure('EXPRESSION_FAILED', 'Expected an answer, but the evaluation failed.');
  }

  private failure(code: ExpressionFailure['code'], message: string): ExpressionFailure {
    return new ExpressionFailure(code, message, this.text);
  }
}
