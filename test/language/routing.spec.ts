import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRouting } from '../../src/language/routing/read-routing.js';

const FILE = `
rules:
  - code: reports-wait
    match: { tag: report, attemptTo: 2 }
    lane: retry
    delay: 10m
    reason: reports may wait
  - { code: bank-d, match: { dims: { bank: D, product: 7 } }, lane: slow, reason: eight at a time by contract }
overrides:
  - { code: hold-loan, match: { flow: loan }, hold: true, until: "2026-12-01T18:00:00+01:00", reason: bank holiday }
`;
const found = (text: string) => readRouting(text, 'a.routing.yaml').problems.map(({ code, line }) => `${code} ${line}`);

describe('a file of routing rules', () => {
  it('says what is to be done with which messages', () => {
    const { routing, problems } = readRouting(FILE, 'a.routing.yaml');
    expect(problems).toEqual([]);
    const nothing = { flow: null, node: null, handler: null, tag: null, dims: {}, attemptFrom: 1 };
    const any = { ...nothing, attemptTo: Number.MAX_SAFE_INTEGER };
    expect(routing).toEqual({
      rules: [
        {
          code: 'reports-wait',
          match: { ...nothing, tag: 'report', attemptTo: 2 },
          lane: 'retry',
          minDelayMs: 600_000,
          reason: 'reports may wait',
        },
        {
          code: 'bank-d',
          match: { ...any, dims: { bank: 'D', product: '7' } },
          lane: 'slow',
          minDelayMs: 0,
          reason: 'eight at a time by contract',
        },
      ],
      overrides: [
        {
          code: 'hold-loan',
          match: { ...any, flow: 'loan' },
          lane: null,
          hold: true,
          ignoreCircuit: false,
          until: Date.UTC(2026, 11, 1, 17),
          reason: 'bank holiday',
        },
      ],
    });
  });

  it.each([
    ['a misspelt key', FILE.replace('delay:', 'dellay:'), 'UNKNOWN_KEY 6'],
    ['a lane that there is not', FILE.replace('lane: slow', 'lane: vip'), 'WRONG_VALUE 8'],
    ['the lane that is the circuit’s alone', FILE.replace('lane: slow', 'lane: probe'), 'WRONG_VALUE 8'],
    ['a delay that is none', FILE.replace('10m', 'soon'), 'BAD_DURATION 6'],
    ['no reason', FILE.replace('    reason: reports may wait\n', ''), 'MISSING_KEY 3'],
    ['a rule that says nothing', FILE.replace('lane: slow, ', ''), 'MISSING_KEY 8'],
    ['an override without an end', FILE.replace(/until: "[^"]*", /, ''), 'MISSING_KEY 10'],
    ['an end without a zone', FILE.replace('18:00:00+01:00', '18:00:00'), 'WRONG_VALUE 10'],
    ['two of one code', FILE.replace('code: bank-d', 'code: reports-wait'), 'DUPLICATE_KEY 8'],
    ['a code with a space', FILE.replace('code: bank-d', 'code: "bank d"'), 'BAD_ID 8'],
    ['broken YAML', 'rules: [', 'YAML_SYNTAX 1'],
    ['an alias', 'rules: *all', 'YAML_ALIAS 1'],
  ])('refuses %s, at its place', (_, text, problem) => {
    expect(found(text)).toContain(problem);
    expect(readRouting(text, 'a.routing.yaml').routing).toBeNull();
  });

  it('is shown in docs/routing.md as it is read', () => {
    const page = readFileSync(new URL('../../docs/routing.md', import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/```yaml\n(rules:[\s\S]*?)```/g)].map(([, text = '']) => text);
    expect(blocks.length).toBeGreaterThan(0);
    for (const text of blocks) expect(readRouting(text, 'docs/routing.md').problems).toEqual([]);
  });
});
