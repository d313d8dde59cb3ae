import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FUNCTION_NAMES } from '../../../src/language/expression/reserved-names.js';
import { type KindName, MODIFIERS, NODE_KINDS } from '../../../src/language/structure/node-kinds.js';
import { topKeys } from '../../../src/language/structure/schema.js';
import { problemsOf } from '../flow-text.js';

const DOCS = readFileSync(new URL('../../../docs/definition-format.md', import.meta.url), 'utf8');

describe('docs/definition-format.md', () => {
  it('shows a flow that has no problem', () => {
    const flow = /```yaml\n([\s\S]*?)```/.exec(DOCS)?.[1] ?? '';
    expect(flow).toContain('flow: loan_disbursement');
    expect(problemsOf(flow)).toEqual([]);
  });

  it.each(Object.keys(NODE_KINDS) as KindName[])('has the row of %s as the table of kinds has it', (kind) => {
    const row = DOCS.split('\n').find((line) => line.startsWith(`| \`${kind}\` | `) && line.includes('`tags`')) ?? '';
    const [, , , docs, modifiers] = row
      .split(' | ')
      .map((cell) => cell.replace(/^\| | \|$/g, ''))
      .toSpliced(0, 0, '');
    expect(docs).toBe(NODE_KINDS[kind].docs);
    expect(modifiers).toBe(NODE_KINDS[kind].modifiers.map((name) => `\`${name}\``).join(', '));
  });

  it('names every key and every function', () => {
    for (const key of [...Object.keys(topKeys), ...Object.keys(MODIFIERS)])
      expect(DOCS).toMatch(new RegExp(`^\\| .*\`${key}\`.* \\|`, 'm'));
    for (const name of FUNCTION_NAMES) expect(DOCS).toContain(`\`${name}(`);
  });
});
