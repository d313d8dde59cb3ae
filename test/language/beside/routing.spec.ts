import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readRouting } from '../../../src/language/routing/read-routing.js';

const FILE = `
rules:
  - code: reports-wait
    match: { tag: report, attemptTo: 2 }
    lane: retry
    delay: 10m
    reason: reports may wait
  - { code: bank-d, match: { dims: { product: 7 } }, lane: slow, reason: eight at a time by contract }
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
      lanes: [],
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
          match: { ...any, dims: { product: '7' } },
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

  it('says how many may run, and begin', () => {
    const { routing, problems } = readRouting(
      FILE.replace('lane: slow', 'limit: 8, rate: { max: 3, per: 1m }'),
      'a.yaml',
    );
    expect(problems).toEqual([]);
    expect(routing?.rules[1]).toMatchObject({ lane: null, limit: 8, rate: { max: 3, perMs: 60_000 } });
  });

  it('names lanes of its own, declared or not, and one that reads like another where it is declared', () => {
    const text = `lanes: { slwo: { concurrency: 3 }, vip: {} }${FILE.replace('lane: slow', 'lane: slwo').replace('lane: retry', 'lane: bulk')}`;
    const { routing, problems } = readRouting(text, 'a.routing.yaml');
    expect(problems).toEqual([]);
    expect(routing?.lanes).toEqual([
      { name: 'slwo', concurrency: 3 },
      { name: 'vip', concurrency: null },
    ]);
    expect(routing?.rules.map(({ lane }) => lane)).toEqual(['bulk', 'slwo']);
  });

  it.each([
    ['a misspelt key', FILE.replace('delay:', 'dellay:'), 'UNKNOWN_KEY 6'],
    ['a lane that cannot be called so', FILE.replace('lane: slow', 'lane: VIP'), 'BAD_LANE 8'],
    ['a built-in lane that is misspelt', FILE.replace('lane: slow', 'lane: slwo'), 'BAD_LANE 8'],
    ['a lane that is declared and always there', `lanes: { fast: {} }${FILE}`, 'BAD_LANE 1'],
    ['a lane that is declared and cannot be called so', `lanes: { "a b": {} }${FILE}`, 'BAD_LANE 1'],
    ['a limit of none', FILE.replace('lane: slow', 'limit: 0'), 'OUT_OF_RANGE 8'],
    ['a rate without a time', FILE.replace('lane: slow', 'rate: { max: 3 }'), 'MISSING_KEY 8'],
    ['a lane for nobody', `lanes: { vip: { concurrency: 0 } }${FILE}`, 'OUT_OF_RANGE 1'],
    [
      'more lanes than 32',
      `lanes: { ${Array.from({ length: 33 }, (_, at) => `l${at}: {}`).join(', ')} }`,
      'TOO_MANY_LANES 1',
    ],
    ['the lane that is the circuit’s alone', FILE.replace('lane: slow', 'lane: probe'), 'BAD_LANE 8'],
    ['a delay that is none', FILE.replace('10m', 'soon'), 'BAD_DURATION 6'],
    ['no reason', FILE.replace('    reason: reports may wait\n', ''), 'MISSING_KEY 3'],
    ['a rule that says nothing', FILE.replace('lane: slow, ', ''), 'MISSING_KEY 8'],
    ['an override without an end', FILE.replace(/until: "[^"]*", /, ''), 'MISSING_KEY 10'],
    ['an end without a zone', FILE.replace('18:00:00+01:00', '18:00:00'), 'WRONG_VALUE 10'],
    ['two of one code', FILE.replace('code: bank-d', 'code: reports-wait'), 'DUPLICATE_KEY 8'],
    ['a code with a space', FILE.replace('code: bank-d', 'code: "bank d"'), 'BAD_ID 8'],
    ['broken YAML', 'rules: [', 'YAML_SYNTAX 1'],
    ['an alias', 'rules: *all', 'YAML_ALIAS 1'],
    [
      'attempts that end before they start',
      FILE.replace('attemptTo: 2', 'attemptFrom: 3, attemptTo: 2'),
      'OUT_OF_RANGE 4',
    ],
    ['freezing nobody', FILE.replace('hold: true', 'freeze: true'), 'MISSING_KEY 10'],
    [
      'a circuit that is open and ignored',
      FILE.replace('hold: true', 'circuit: open, ignoreCircuit: true'),
      'WRONG_VALUE 10',
    ],
    ['a circuit between', FILE.replace('hold: true', 'circuit: half-open'), 'WRONG_VALUE 10'],
    ['more than 500 rules', `rules:\n${'  - { code: a, lane: slow, reason: r }\n'.repeat(501)}`, 'OUT_OF_RANGE 2'],
  ])('refuses %s, at its place', (_, text, problem) => {
    expect(found(text)).toContain(problem);
    expect(readRouting(text, 'a.routing.yaml').routing).toBeNull();
  });

  const RULE = '- { code: CODE, lane: slow, reason: r, MORE }';
  const set = (...rules: readonly string[]): string =>
    `rules:\n${rules.map((more, at) => `  ${RULE.replace('CODE', `r${at}`).replace('MORE', more)}`).join('\n')}\n`;

  it.each([
    ['the same again', set('match: { flow: a }', 'match: { flow: a }'), 'NEVER_TAKEN 3'],
    ['a part of what is above', set('match: { flow: a }', 'match: { flow: a, attemptFrom: 2 }'), 'NEVER_TAKEN 3'],
    ['anything below a rule for all', set('delay: 1m', 'match: { tag: t }, delay: 30s'), 'NEVER_TAKEN 3'],
    ['a lane below one, with a longer delay', set('delay: 1m', 'delay: 2m'), 'NEVER_TAKEN 3'],
    ['two dimensions', set('match: { dims: { bank: a, product: b } }'), 'NEVER_TAKEN 2'],
  ])('warns of %s: it decides nothing, and the file counts', (_, text, problem) => {
    expect(found(text)).toEqual([problem]);
    expect(readRouting(text, 'a.routing.yaml').routing).not.toBeNull();
  });

  it.each([
    ['attempts that overlap', set('match: { attemptTo: 3 }', 'match: { attemptFrom: 2, attemptTo: 9 }')],
    ['a delay alone before a lane', set('match: { flow: a }, delay: 1m', '').replace('lane: slow, ', '')],
    ['other values of a dimension', set('match: { dims: { bank: a } }', 'match: { dims: { bank: b } }')],
    ['the wide one after the narrow one', set('match: { flow: a, node: b }', 'match: { flow: a }')],
    ['another subject', set('match: { subject: "bank=a" }', 'match: { subject: "bank=b" }')],
  ])('says nothing of %s', (_, text) => {
    expect(found(text)).toEqual([]);
  });

  it('finds what 500 rules shadow within a second', () => {
    const began = performance.now();
    const rules = Array.from({ length: 500 }, (_, at) => `match: { dims: { bank: b${at % 250} } }`);
    expect(found(set(...rules))).toHaveLength(100);
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('published as rules alone, has no overrides', () => {
    const read = readRouting(FILE, 'request', 'rules');
    expect([read.routing, read.problems.map(({ code, line }) => `${code} ${line}`)]).toEqual([null, ['UNKNOWN_KEY 9']]);
  });

  it('may open, close and freeze a circuit', () => {
    const text = FILE.replace(
      'match: { flow: loan }, hold: true',
      'match: { subject: "bank=a" }, circuit: open, freeze: true',
    );
    const { routing } = readRouting(text, 'a.routing.yaml');
    expect(routing?.overrides[0]).toMatchObject({ match: { subject: 'bank=a' }, circuit: 'open', freeze: true });
  });

  it('is shown in docs/routing.md as it is read', () => {
    const page = readFileSync(new URL('../../../docs/routing.md', import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/```yaml\n(rules:[\s\S]*?)```/g)].map(([, text = '']) => text);
    expect(blocks.length).toBeGreaterThan(0);
    for (const text of blocks) expect(readRouting(text, 'docs/routing.md').problems).toEqual([]);
  });
});
