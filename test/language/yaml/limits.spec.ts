import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText, problemsOf } from '../flow-text.js';
import { LOAN_FLOW } from '../loan-flow.js';
import { timed } from './timed.js';

describe('a text that is made to hurt', () => {
  it.each([
    ['brackets', '['.repeat(2_000)],
    ['brackets to the limit', '['.repeat(262_144)],
    ['maps', '{a: '.repeat(2_000)],
    ['dashes', `${'- '.repeat(2_000)}a`],
    ['questions', `${'? '.repeat(2_000)}a`],
    ['indentation', Array.from({ length: 600 }, (_, i) => `${' '.repeat(i)}a:`).join('\n')],
  ])('Y26: refuses %s without end', (_, text) => {
    const { codes, ms } = timed(text);
    expect(codes).toEqual(['TOO_DEEP']);
    expect(ms).toBeLessThan(1_000);
  });

  it('Y26: takes what is nested as deep as anybody needs', () => {
    expect(
      problemsOf(flowText({ nodes: `  work:  { task: a, with: { v: ${'['.repeat(50)}1${']'.repeat(50)} } }\n` })),
    ).toEqual([]);
  });

  it('Y27: refuses 20 MB before looking into it', () => {
    const { codes, ms } = timed(new Uint8Array(20 * 1024 * 1024));
    expect(codes).toEqual(['FILE_TOO_LARGE']);
    expect(ms).toBeLessThan(50);
    expect(codesOf('ä'.repeat(200_000))).toEqual(['FILE_TOO_LARGE']);
  });

  it.each([
    ['keys', Array.from({ length: 30_000 }, (_, i) => `k${i}: 1`).join('\n')],
    ['quotes', '"'.repeat(260_000)],
    ['documents', '---\n'.repeat(65_000)],
    ['edges', `${flowText()}${'  - begin -> work\n'.repeat(14_000)}`],
    [
      'a long fan',
      flowText({ edges: `  - begin -> ${Array.from({ length: 30_000 }, (_, i) => `n${i}`).join(' & ')}\n` }),
    ],
    ['blocks', 'a: |\n'.repeat(50_000)],
  ])('reads a file full of %s in a time that people wait', (_, text) => {
    expect(timed(text).ms).toBeLessThan(5_000);
  });

  it('never throws, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...LOAN_FLOW.split(/(?<=[\s:,{}[\]>-])/),
      '\t',
      '  ',
      '- ',
      '? ',
      '"',
      "'",
      '|\n',
      '#',
      '&a',
      '*a',
      '!',
      '\u0000',
      '🚀',
    );
    const mutated = fc
      .tuple(fc.nat(LOAN_FLOW.length), fc.nat(60), fc.array(pieces, { maxLength: 6 }))
      .map(([at, cut, insert]) => LOAN_FLOW.slice(0, at) + insert.join('') + LOAN_FLOW.slice(at + cut));
    fc.assert(
      fc.property(mutated, (text) => {
        const { definition, problems } = readDefinition(text, 'loan.flow.yaml');
        expect(definition === null).toBe(problems.some(({ severity }) => severity === 'error'));
        const lines = text.split('\n');
        for (const { line, column, length, excerpt, message } of problems) {
          expect(lines[line - 1]?.replace(/[\r]+$/, '')).toBe(excerpt);
          expect(column).toBeGreaterThan(0);
          expect(length).toBeGreaterThan(0);
          expect(message).toMatch(/^Expected [\s\S]+, but [\s\S]+\.(?: \(At .+\))?$/);
        }
      }),
      { numRuns: 250 },
    );
  });
});
