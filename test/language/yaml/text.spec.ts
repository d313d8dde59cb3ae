import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText, placesOf, problemsOf } from '../flow-text.js';
import { LOAN_FLOW } from '../loan-flow.js';
import { timed } from './timed.js';

const withNode = (node: string): string => flowText({ nodes: `  work:  ${node}\n` });
const withCondition = (condition: string): string =>
  flowText({ edges: `  - begin -> work\n  - work -> done: ${condition}\n  - work -> work: else\n` });

describe('the text of a definition', () => {
  it('Y1: refuses the first anchor of a billion laughs', () => {
    const laughs = Array.from(
      { length: 10 },
      (_, i) => `a${i}: &a${i} [${`*a${i - 1},`.repeat(i === 0 ? 0 : 9)}1]`,
    ).join('\n');
    const { codes, ms } = timed(laughs);
    expect(codes[0]).toBe('YAML_ANCHOR');
    expect(codes).toContain('YAML_ALIAS');
    expect(ms).toBeLessThan(500);
  });

  it('Y2: refuses 5,000 anchors without parsing them', () => {
    const { codes, ms } = timed(Array.from({ length: 5_000 }, (_, i) => `k${i}: &a${i} 1`).join('\n'));
    expect(new Set(codes)).toEqual(new Set(['YAML_ANCHOR']));
    expect(codes.length).toBe(20);
    expect(ms).toBeLessThan(1_000);
  });

  it('Y3: names the first place of a duplicate key', () => {
    const [problem] = problemsOf(`${flowText()}flow: again\n`);
    expect(problem?.code).toBe('DUPLICATE_KEY');
    expect(problem?.message).toContain('1:1');
    expect(problem?.line).toBe(8);
  });

  it('Y4: refuses tabs as indentation', () => {
    expect(placesOf('flow: a\nnodes:\n\tbegin: 1\n')).toContain('TAB_AS_INDENT 3:1');
  });

  it('Y5: takes a byte order mark and CRLF, and keeps the places', () => {
    const text = `\ufeff${LOAN_FLOW.replaceAll('\n', '\r\n')}`;
    expect(problemsOf(text)).toEqual([]);
    expect(problemsOf(new TextEncoder().encode(text))).toEqual([]);
    expect(placesOf(text.replace('begin -> review', 'begin -> reviw'))).toEqual(['UNKNOWN_NODE 21:14']);
    expect(problemsOf(text.replace('titel', 'title')).length).toBe(0);
  });

  it('Y6: refuses what is not UTF-8, with the byte', () => {
    const bytes = new TextEncoder().encode(flowText());
    bytes[40] = 0xff;
    expect(problemsOf(bytes)[0]).toMatchObject({ code: 'NOT_UTF8', message: expect.stringContaining('byte 40') });
    expect(codesOf(new Uint8Array([0xff, 0xfe, 0x66, 0]))).toEqual(['NOT_UTF8']);
    expect(codesOf('flow: \ud800')).toEqual(['NOT_UTF8']);
  });

  it('Y7: shows a no-break space for what it is', () => {
    const [problem] = problemsOf(`${flowText()}\u00a0\u00a0title: a\n`);
    expect(problem?.code).toBe('UNKNOWN_KEY');
    expect(problem?.message).toContain('U+00A0');
  });

  it('Y8: refuses control characters', () => {
    expect(placesOf('flow: a\u0000\ntitle: \u202eb')).toEqual(['CONTROL_CHARACTER 1:8', 'CONTROL_CHARACTER 2:8']);
    expect(problemsOf('flow: a\u0000')[0]?.message).toContain('U+0000');
  });

  it('Y9: refuses maps and lists as keys', () => {
    expect(codesOf('? { a: 1 }\n: 2\n')).toContain('NON_STRING_KEY');
  });

  it('Y10: takes 1, true and null as ids for what they are: bad ids', () => {
    const nodes = '  1: { task: a }\n  true: { task: a }\n  null: { task: a }\n';
    const codes = codesOf(flowText({ nodes }));
    expect(codes.filter((code) => code === 'BAD_ID')).toHaveLength(1);
    expect(codes.filter((code) => code === 'RESERVED_NAME')).toHaveLength(2);
  });

  it.each(['__proto__', 'constructor', 'prototype'])('Y11: refuses %s as key and as id', (name) => {
    expect(codesOf(flowText({ nodes: `  ${name}: { task: a }\n` }))).toEqual(['RESERVED_NAME']);
    expect(codesOf(withNode(`{ task: a, with: { ${name}: { polluted: true } } }`))).toEqual(['RESERVED_NAME']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('Y12: refuses merge keys', () => {
    expect(codesOf(withNode('{ task: a, <<: { timeout: 1s } }'))).toEqual(['YAML_MERGE']);
  });

  it.each(['!!js/function "x"', '!Ref x', '!!binary aGk=', '!!set { a }', '!!timestamp 2026-11-21'])(
    'Y13: refuses the tag of %s',
    (value) => {
      expect(codesOf(`${flowText()}title: ${value}\n`)).toEqual(['YAML_TAG']);
    },
  );

  it('Y14: a condition that starts with ! is no empty condition', () => {
    expect(placesOf(withCondition('!approved'))).toEqual(['YAML_TAG 8:19']);
    expect(problemsOf(withCondition('!approved'))[0]?.hint).toContain('single quotes');
  });

  it('Y15: a condition that starts with & is no empty condition', () => {
    expect(placesOf(withCondition('&x'))).toEqual(['YAML_ANCHOR 8:19']);
  });

  it.each(['"a" == b', '*x > 1', '> 5', '[1] == a', '| x'])(
    'Y16: refuses the condition %s with the hint to quote it',
    (condition) => {
      const problems = problemsOf(withCondition(condition));
      expect(problems.length).toBeGreaterThan(0);
      expect(problems.some(({ hint, line }) => line === 8 && hint?.includes('single quotes'))).toBe(true);
    },
  );

  it('Y16: takes a choice in a condition', () => {
    expect(problemsOf(withCondition('result.a ? result.b : result.c'))).toMatchObject([
      { code: expect.stringMatching(/YAML_SYNTAX/) },
    ]);
    expect(problemsOf(withCondition("'result.a ? result.b : result.c'"))).toEqual([]);
  });

  it('Y17: warns of a comment after a condition', () => {
    expect(placesOf(withCondition('result.tag == "a" # 1'))).toEqual(['COMMENT_AFTER_CONDITION 8:37']);
    expect(readDefinition(withCondition('result.tag == "a" # 1'), 'x').definition).not.toBeNull();
    expect(problemsOf(withCondition('\'result.tag == "a # 1"\''))).toEqual([]);
  });

  it('Y18: an empty condition is not "always"', () => {
    expect(placesOf(withCondition(''))).toEqual(['EMPTY_CONDITION 8:19']);
    expect(codesOf(withCondition('""'))).toEqual(['EMPTY_CONDITION']);
    expect(codesOf(flowText({ edges: '  - begin -> work\n  - { from: work, to: done, when: }\n' }))).toEqual([
      'EMPTY_CONDITION',
    ]);
  });

  it('Y19: a version is a whole number', () => {
    expect(codesOf(`${flowText()}version: 1.10\n`)).toEqual(['WRONG_TYPE']);
    expect(readDefinition(`${flowText()}version: 3\n`, 'x').definition?.version).toBe(3);
  });

  it('Y20: yes is a text', () => {
    const [problem] = problemsOf(flowText().replace('start: true', 'start: yes'));
    expect(problem).toMatchObject({ code: 'WRONG_VALUE', hint: expect.stringContaining('write true') });
    const value = (text: string): unknown => {
      const work = readDefinition(withNode(`{ task: a, with: { v: ${text} } }`), 'x').definition?.nodes.get('work');
      return work?.kind === 'task' ? work.with?.['v'] : undefined;
    };
    expect(['010', '0o10', '1:30', 'yes', 'off', '2026-11-21'].map(value)).toEqual([
      10,
      8,
      '1:30',
      'yes',
      'off',
      '2026-11-21',
    ]);
  });

  it.each(['.inf', '.nan', '12345678901234567890', '1e999'])('Y21: refuses the number %s', (number) => {
    expect(codesOf(withNode(`{ task: a, with: { v: ${number} } }`))).toEqual(['BAD_NUMBER']);
  });

  it('Y22: refuses a second document', () => {
    expect(placesOf(`${flowText()}---\nflow: b\n`)).toEqual(['MULTIPLE_DOCUMENTS 8:1']);
  });

  it('Y23: refuses %YAML 1.1', () => {
    expect(codesOf(`%YAML 1.1\n---\n${flowText()}`)).toEqual(['YAML_DIRECTIVE']);
  });

  it('Y24: refuses what holds no flow', () => {
    expect(['', '\n\n', '# only a comment\n', '---\n', 'null'].map((text) => codesOf(text)[0]).slice(0, 4)).toEqual(
      Array(4).fill('EMPTY_FILE'),
    );
    expect(['- a', 'text', '5'].map(codesOf)).toEqual(Array(3).fill(['NOT_A_MAPPING']));
  });

  it('Y25: places an open quote, bad indentation and a missing space', () => {
    expect(codesOf('flow: "a\ntitle: b\n')).toContain('YAML_SYNTAX');
    expect(problemsOf('flow:a\ntitle: b\n')[0]).toMatchObject({
      line: 1,
      hint: expect.stringContaining('space missing'),
    });
    expect(placesOf('flow: a\n  title: b\n')[0]).toMatch(/^YAML_SYNTAX 1|2:/);
  });
});
