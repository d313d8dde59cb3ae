import { expect } from 'vitest';
import type { Problem } from '../../../src/language/problem.js';
import { PROBLEM_CODES } from '../../../src/language/report/problem-codes.js';

/** What a slip of the hand leaves behind; and some that no hand does. */
const SLIPS = [...' :-&,{}[]"\'#|>*!?%@`\t\n.01ax_\\/()=<+~^$;', '\u0000', '\u00a0', '\u202e', '😀'];
/** Longest that one reading may take, on a machine that does much else. */
const LONGEST_MS = 5_000;

/** The same slips in every run, others at every place. */
const slipAt = (at: number): string => SLIPS[(Math.imul(at + 1, 0x9e3779b1) >>> 8) % SLIPS.length] as string;

export const withCharacterGone = (text: string): string[] => {
  const characters = [...text];
  return characters.map((_, at) => characters.toSpliced(at, 1).join(''));
};

export const withCharacterReplaced = (text: string): string[] => {
  const characters = [...text];
  return characters.map((_, at) => characters.with(at, slipAt(at)).join(''));
};

export const withLineGoneOrDoubled = (text: string): string[] => {
  const lines = text.split('\n');
  return lines.flatMap((line, at) => [lines.toSpliced(at, 1).join('\n'), lines.toSpliced(at, 0, line).join('\n')]);
};

/** Reads a text that something happened to: it always answers, and what it says has a place that is there. */
export function check(text: string, read: (text: string) => { result: unknown; problems: readonly Problem[] }): void {
  const began = performance.now();
  const { result, problems } = read(text);
  const ms = performance.now() - began;
  const lines = text.split('\n');
  const errors = problems.filter(({ severity }) => severity === 'error');
  const misplaced = problems.filter(({ code, line, column, length, message }) => {
    const there = line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 1;
    return !there || length < 1 || !(code in PROBLEM_CODES) || !/^Expected [\s\S]+, but [\s\S]+/.test(message);
  });
  const isSound = misplaced.length === 0 && ms < LONGEST_MS && (result === null) === errors.length > 0;
  if (!isSound) expect({ text, ms, misplaced, errors, hasResult: result !== null }).toBe('sound');
}
