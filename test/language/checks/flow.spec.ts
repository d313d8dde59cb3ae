import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText, graph, placesOf, problemsOf } from '../flow-text.js';

const withWork = (node: string): string => flowText({ nodes: `  work:  ${node}\n` });
const withTask = (keys: string): string => withWork(`{ task: demo.work, ${keys} }`);

describe('a flow', () => {
  it('F1: suggests the key that was meant', () => {
    expect(problemsOf(flowText().replace('edges:', 'edgs:')).map(({ code, hint }) => [code, hint])).toEqual(
      expect.arrayContaining([['UNKNOWN_KEY', 'Did you mean `edges`?']]),
    );
  });

  it('F2: has each node once', () => {
    expect(placesOf(flowText({ nodes: '  work: { task: a }\n  work: { task: b }\n' }))).toEqual(['DUPLICATE_KEY 6:3']);
  });

  it.each(['a/b', '..', 'a b', '🚀', '1a', 'a-b', 'x'.repeat(65)])('F3: refuses the id %s', (id) => {
    expect(codesOf(flowText({ nodes: `  "${id}": { task: a }\n` }))).toContain('BAD_ID');
  });

  it('F3: takes any text as title, up to 200 characters', () => {
    expect(problemsOf(withTask('title: "借款 🚀 <b>"'))).toEqual([]);
    expect(codesOf(withTask(`title: "${'x'.repeat(201)}"`))).toEqual(['OUT_OF_RANGE']);
  });

  it('F4: refuses ids that differ in case alone', () => {
    expect(codesOf(graph(['begin -> a -> A -> done']))).toEqual(['SAME_BUT_CASE']);
  });

  it.each(['input', 'vars', 'result', 'and', 'not', 'true', 'null', 'len', 'round', 'prototypeId'])(
    'F5: refuses the id %s',
    (id) => {
      expect(codesOf(graph([`begin -> ${id} -> done`]))).toEqual(['RESERVED_NAME']);
    },
  );

  it.each(['start', 'end', 'sum', 'min', 'E', 'length'])('F5: takes the id %s, which shadows nothing', (id) => {
    const text = graph([`begin -> ${id}`, `${id} -> done: ${id}.x == 1`, `${id} -> ${id}: else`]);
    expect(problemsOf(text)).toEqual([]);
  });

  it('F6: names the nearest node of a dangling edge', () => {
    const [problem] = problemsOf(flowText({ edges: '  - begin -> wrok -> done\n' }));
    expect(problem).toMatchObject({
      code: 'UNKNOWN_NODE',
      hint: 'Did you mean `work`?',
      line: 7,
      column: 14,
      length: 4,
    });
  });

  it('F7, F8: finds what cannot be reached and what never ends', () => {
    expect(codesOf(graph(['begin -> a -> done', 'b -> done']))).toEqual(['UNREACHABLE']);
    expect(codesOf(graph(['begin -> a & b', 'a -> done', 'b -> c -> b'], ['b: { task: x, join: each }']))).toEqual([
      'NO_WAY_TO_END',
      'NO_WAY_TO_END',
    ]);
    expect(codesOf(graph(['begin -> a & b', 'a -> done']))).toEqual(['DEAD_END']);
  });

  it('F9: has one start and an end', () => {
    expect(codesOf(flowText().replace('begin: { start: true }', 'begin: { task: a }'))).toContain('NO_START');
    expect(
      codesOf(flowText({ nodes: '  more: { start: true }\n', edges: '  - begin & more -> work -> done\n' })),
    ).toEqual(['TWO_STARTS']);
    expect(codesOf(flowText().replace('{ end: success }', '{ task: a }'))).toContain('NO_END');
  });

  it('F10: warns of a choice without else, unless one side always holds', () => {
    const choice = (a: string, b: string): string[] =>
      codesOf(graph(['begin -> a', `a -> done: ${a}`, `a -> a: ${b}`]));
    expect(choice('result.x', 'result.y')).toEqual(['NO_ELSE']);
    expect(choice('result.x', 'else')).toEqual([]);
    expect(choice('result.x', 'not result.x')).toEqual([]);
    expect(choice('_result', '_result == false')).toEqual([]);
    expect(codesOf(graph(['begin -> a', 'a -> a: result.x', 'a -> done']))).toEqual([]);
  });

  it('F11: refuses two elses, and warns of what is never taken', () => {
    expect(codesOf(graph(['begin -> a', 'a -> done: else', 'a -> a: result.x', 'a -> done: else']))).toEqual([
      'TWO_ELSES',
    ]);
    expect(codesOf(graph(['begin -> a', 'a -> done', 'a -> a: result.x']))).toEqual(['NEVER_TAKEN']);
    expect(codesOf(graph(['begin -> a', 'a -> done', 'a -> a: else']))).toEqual(['NEVER_TAKEN']);
    expect(
      codesOf(flowText({ edges: '  - begin -> work\n  - { from: work, to: done, when: result.x, else: true }\n' })),
    ).toEqual(['BAD_EDGE']);
  });

  it('F12, F13: warns of equal and of constant conditions', () => {
    expect(codesOf(graph(['begin -> a', 'a -> done: result.x', 'a -> a: result.x  ', 'a -> done: else']))).toEqual([
      'DUPLICATE_CONDITION',
    ]);
    expect(codesOf(graph(['begin -> a', 'a -> done: true', 'a -> a: else']))).toEqual(['CONSTANT_CONDITION']);
  });

  it.each(['5 min', '-1s', '1e9h', 'P1M', '1.5s', '30', '', '5M', '366d', '99999999999d'])(
    'F21: refuses the duration %j',
    (duration) => {
      expect(codesOf(withTask(`timeout: "${duration}"`))).toEqual(['BAD_DURATION']);
    },
  );

  it('F21: reads durations into milliseconds', () => {
    const ms = (duration: string): unknown => {
      const node = readDefinition(withWork(`{ timer: ${duration} }`), 'x').definition?.nodes.get('work');
      return node?.kind === 'timer' ? node.timer : undefined;
    };
    expect(['0s', '500ms', '30s', '5m', '2h', '1d', '365d'].map(ms)).toEqual(
      [0, 500, 30_000, 300_000, 7_200_000, 86_400_000, 31_536_000_000].map((value) => ({ ms: value })),
    );
  });

  it.each([
    'max: -1',
    'max: 1000000000',
    'max: 1.5',
    'remote: []',
    'remote: [1y]',
    'local: 5s',
    'backoff: { base: 1s, factor: 0.5, cap: 1m }',
    'backoff: { base: 1m, cap: 1s }',
    'backoff: { base: 1s, cap: 1m, jitter: 2 }',
    'backoff: { base: 0s, cap: 1m }',
    'backoff: { base: 1s, cap: 1m }, remote: [1s]',
    'attempts: 3',
  ])('F22: refuses retry: { %s }', (retry) => {
    const problems = problemsOf(withTask(`retry: { ${retry} }`));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatchObject({ severity: 'error', line: 5 });
  });

  it('F22: refuses a timeout of 0 and visits of 0', () => {
    expect(codesOf(withTask('timeout: 0s'))).toEqual(['OUT_OF_RANGE']);
    expect(codesOf(withTask('visits: 0'))).toEqual(['OUT_OF_RANGE']);
  });

  it('F24: points into the expression, and tells the place in a folded one', () => {
    expect(placesOf(graph(['begin -> a', "a -> done: 'result.n >> 3'", 'a -> a: else']))).toEqual([
      'BAD_EXPRESSION 8:27',
    ]);
    const folded = graph(['begin -> a', 'a -> done: >-\n      result.n\n      >> 3', 'a -> a: else']);
    expect(problemsOf(folded)).toMatchObject([
      { code: 'BAD_EXPRESSION', line: 8, message: expect.stringContaining('At 1:11') },
    ]);
    expect(codesOf(withTask('in: { x: "a.b.c.constructor" }'))).toEqual(['BAD_EXPRESSION']);
  });

  it('F25: knows the names that the scope has', () => {
    const input = 'input: { type: object, properties: { amount: { type: number } } }\n';
    const use = (expression: string, head = ''): string[] =>
      problemsOf(flowText({ head, nodes: `  work:  { task: demo.work, in: { x: '${expression}' } }\n` })).map(
        ({ code, hint }) => `${code} ${hint}`,
      );
    expect(use('amuont')).toEqual([expect.stringContaining('UNKNOWN_NAME')]);
    expect(use('amount', input)).toEqual(['UNKNOWN_NAME Did you mean `input.amount`?']);
    expect(use('input.amuont', input)).toEqual(['UNKNOWN_INPUT Did you mean `amount`?']);
    expect(use('input.anything')).toEqual([]);
    expect(use('len')).toEqual(['UNKNOWN_NAME `len` is a function: len(…).']);
    expect(use('result.x')).toEqual([expect.stringContaining('RESULT_NOT_HERE')]);
    expect(use('vars.x')).toEqual([expect.stringContaining('UNKNOWN_VARIABLE')]);
    expect(use('work.x')).toEqual([expect.stringContaining('NOT_FINISHED_BEFORE')]);
    expect(use('begin.x')).toEqual([expect.stringContaining('NAME_WITHOUT_OUTPUT')]);
    expect(codesOf(flowText({ head: 'key: work.id\n' }))).toEqual(['UNKNOWN_NAME']);
    expect(codesOf(flowText({ head: 'key: input.id\n' }))).toEqual([]);
  });

  it('F25: result goes through gateways and set, and ends at joins, timers and starts', () => {
    const through = (node: string): string[] =>
      codesOf(graph(['begin -> a -> x', 'x -> done: result.y', 'x -> a: else'], [`x: ${node}`]));
    expect(through('{ gateway: exclusive }')).toEqual([]);
    expect(through('{ set: { v: result.y } }')).toEqual([]);
    expect(through('{ timer: 1s }')).toEqual(['RESULT_NOT_HERE']);
    expect(codesOf(graph(['begin -> done: _result', 'begin -> a: else', 'a -> done']))).toEqual(['RESULT_NOT_HERE']);
  });

  it('F26: refuses input schemas that are none, lead elsewhere or never end', () => {
    const schema = (properties: string): string[] =>
      codesOf(flowText({ head: `input: { type: object, properties: { a: ${properties} } }\n` }));
    expect(schema('{ type: numer }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ $ref: "https://example.org/a.json" }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ type: string, pattern: "^(a+)+$" }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ type: string, pattern: "(" }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('5')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ type: object, $async: true }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ type: object, propertes: {} }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ type: string, format: constructor }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ type: object, patternProperties: { "^((a)+)+$": {} } }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ type: object, patternProperties: { "(": {} } }')).toEqual(['BAD_INPUT_SCHEMA']);
    expect(schema('{ type: object, x-widget: radio, note: for people, order: 1, example: a }')).toEqual([]);
    expect(schema('{ type: string, pattern: "^[A-Z]+$" }')).toEqual([]);
  });

  it('F27: refuses paths of 50 names', () => {
    expect(codesOf(withTask(`in: { x: "input${'.a'.repeat(50)}" }`))).toEqual(['BAD_EXPRESSION']);
  });

  it('F33: has at most 500 nodes and 2,000 edges', () => {
    const chain = Array.from({ length: 500 }, (_, i) => `n${i}`);
    expect(codesOf(graph([`begin -> ${chain.join(' -> ')} -> done`]))).toContain('TOO_MANY_NODES');
    expect(codesOf(`${flowText()}${'  - begin -> work\n'.repeat(2_001)}`)).toContain('TOO_MANY_EDGES');
  });

  it('F35: warns of secrets', () => {
    expect(codesOf(withTask('with: { password: hunter2 }'))).toEqual(['SECRET_IN_TEXT']);
    expect(codesOf(withTask(`in: { apiKey: "'abc'" }`))).toEqual(['SECRET_IN_TEXT']);
    expect(codesOf(withTask('in: { token: input.token }'))).toEqual([]);
  });

  it.each(['emit'])('says that this version does not run %s', (kind) => {
    expect(codesOf(withWork(`{ ${kind}: demo }`))).toEqual(['NOT_BUILT_YET']);
  });

  it.each(['deadline', 'lane', 'window', 'mock'])('says that this version does not run %s', (key) => {
    expect(codesOf(withTask(`${key}: 1`))).toEqual(['NOT_BUILT_YET']);
  });

  it('says that this version runs no deadline', () => {
    expect(codesOf(flowText({ head: 'deadline: 30d\n' }))).toEqual(['NOT_BUILT_YET']);
  });
});
