import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../src/language/read-definition.js';
import { PROBLEM_CODES } from '../../src/language/report/problem-codes.js';

const FOLDER = join(import.meta.dirname, '../../definitions');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.flow.yaml'));
/** What a slip of the hand leaves behind; and some that no hand does. */
const SLIPS = [...' :-&,{}[]"\'#|>*!?%@`\t\n.01ax_\\/()=<+~^$;', '\u0000', '\u00a0', '\u202e', '😀'];
/** Longest that one reading may take, on a machine that does much else. */
const LONGEST_MS = 5_000;

/** The same slips in every run, others at every place. */
const slipAt = (at: number): string => SLIPS[(Math.imul(at + 1, 0x9e3779b1) >>> 8) % SLIPS.length] as string;

/** Reads a text that something happened to: it always answers, and what it says has a place that is there. */
function check(text: string): void {
  const began = performance.now();
  const { definition, problems } = readDefinition(text, 'mutant.flow.yaml');
  const ms = performance.now() - began;
  const lines = text.split('\n');
  const errors = problems.filter(({ severity }) => severity === 'error');
  const misplaced = problems.filter(({ code, line, column, length, message }) => {
    const there = line >= 1 && line <= lines.length && column >= 1 && column <= (lines[line - 1] ?? '').length + 1;
    return !there || length < 1 || !(code in PROBLEM_CODES) || !/^Expected [\s\S]+, but [\s\S]+/.test(message);
  });
  const isSound = misplaced.length === 0 && ms < LONGEST_MS && (definition === null) === errors.length > 0;
  if (!isSound) expect({ text, ms, misplaced, errors, hasDefinition: definition !== null }).toBe('sound');
}

describe.each(FILES)('%s', (name) => {
  // Without comments: what happens in one changes nothing, and takes as long.
  const text = readFileSync(join(FOLDER, name), 'utf8').replace(/(^|\s)#.*$/gm, '');
  const characters = [...text];
  const lines = text.split('\n');

  it('with any one character gone', () => {
    for (const at of characters.keys()) check(characters.toSpliced(at, 1).join(''));
  }, 180_000);

  it('with any one character become another', () => {
    for (const at of characters.keys()) check(characters.with(at, slipAt(at)).join(''));
  }, 180_000);

  it('with any one line gone or doubled', () => {
    for (const [at, line] of lines.entries()) {
      check(lines.toSpliced(at, 1).join('\n'));
      check(lines.toSpliced(at, 0, line).join('\n'));
    }
  }, 60_000);
});

it('a flow of 500 nodes is checked in under 300 ms', () => {
  const nodes = Array.from(
    { length: 247 },
    (_, i) => `  a${i}: { task: demo.a, in: { x: input.x } }\n  g${i}: { gateway: exclusive }`,
  );
  const edges = Array.from({ length: 247 }, (_, i) => {
    const next = i === 246 ? 'done' : `a${i + 1}`;
    return `  - a${i} -> g${i}\n  - g${i} -> ${next}: a${i}.ok == true\n  - g${i} -> no: else`;
  });
  const text = `flow: large\nnodes:\n  begin: { start: true }\n${nodes.join('\n')}\n  done: { end: done }\n  no: { end: no }\nedges:\n  - begin -> a0\n${edges.join('\n')}\n`;
  const times = Array.from({ length: 7 }, () => {
    const began = process.cpuUsage();
    expect(readDefinition(text, 'large.flow.yaml').problems).toEqual([]);
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1_000;
  });
  // Of the processor's own time, and the best of several: other work on the machine is not the check's.
  expect(Math.min(...times)).toBeLessThan(300);
});
