import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText, placesOf, problemsOf } from '../flow-text.js';

const LOOP = '  - begin -> work\n  - work -> done: vars.n == null\n  - work -> work: else\n';
const vars = (schema: string, out: string, head = ''): string =>
  flowText({
    head: `${head}vars: { n: ${schema} }\n`,
    nodes: `  work: { task: demo.work, out: { n: ${out} } }\n`,
    edges: LOOP,
  });

const INPUT =
  'input: { type: object, required: [count], properties: { count: { type: integer }, name: { type: string }, any: {} } }\n';

describe('what is written to a declared variable', () => {
  it.each([
    ['a literal of another type', '{ type: number }', 'true'],
    ['a literal out of bounds', '{ type: integer, minimum: 1 }', '0'],
    ['a text that is none of an enum', '{ type: string, enum: [a, b] }', '"\'c\'"'],
    ['a comparison', '{ type: string }', 'result.x == 1'],
    ['a sum', '{ type: boolean }', 'result.x + 1'],
    ['a list', '{ type: string }', '[result.x]'],
    ['a map', '{ type: array }', '{ a: result.x }'],
    ['a path into the input', '{ type: string }', 'input.count'],
    ['a path into the input that may be missing', '{ type: number }', 'input.name'],
    ['a schema by reference', "{ $ref: '#/$defs/one', $defs: { one: { type: string } } }", 'input.count'],
  ])('is told when it is %s', (_name, schema, out) => {
    const text = vars(schema, out, INPUT);
    expect(codesOf(text)).toEqual(['VARIABLE_TYPE']);
    expect(placesOf(text)[0]).toBe('VARIABLE_TYPE 7:35');
  });

  it.each([
    ['{ type: number }', '1'],
    ['{ type: [string, "null"] }', 'input.name'],
    ['{ type: number }', 'input.count'],
    ['{ type: integer }', 'result.x + 1'],
    ['{ type: string }', 'input.any'],
    ['{ type: string }', 'result.x'],
    ['{ anyOf: [{ type: string }, { type: integer }] }', 'input.count'],
    ['{ description: anything }', '[1]'],
  ])('is not told where %s may be given %s', (schema, out) => {
    expect(codesOf(vars(schema, out, INPUT))).toEqual([]);
  });

  it('must be declared, by whatever it is written', () => {
    const head = 'vars: { a: { type: number } }\n';
    const nodes = '  work: { task: demo.work, out: { a: 1, b: 2 } }\n  put: { set: { c: 3 } }\n';
    const edges = '  - begin -> work -> put\n  - put -> done: vars.a + vars.b + vars.c > 0\n  - put -> done: else\n';
    expect(codesOf(flowText({ head, nodes, edges }))).toEqual(['UNDECLARED_VARIABLE', 'UNDECLARED_VARIABLE']);
  });

  it('is not told within branches that are merged, where it is a part', () => {
    const head = 'vars: { all: { type: array } }\n';
    const nodes =
      '  a: { task: demo.a, out: { all: 1 } }\n  b: { task: demo.b, out: { all: 2 } }\n  j: { join: all, merge: { all: list } }\n';
    const edges = '  - begin -> a & b -> j\n  - j -> done: len(vars.all) == 2\n  - j -> done: else\n';
    expect(codesOf(flowText({ head, nodes, edges }).replace(/ {2}work: .*\n/, ''))).toEqual([]);
  });
});

describe('what is read of a declared variable', () => {
  const read = (schema: string, condition: string): string[] =>
    codesOf(
      flowText({
        head: `vars: { n: ${schema} }\n`,
        nodes: '  work: { task: demo.work, out: { n: result.n } }\n',
        edges: `  - begin -> work\n  - work -> done: ${condition}\n  - work -> work: else\n`,
      }),
    );

  it.each([
    ['{ type: number }', 'vars.n == "5"', 'VARIABLE_TYPE'],
    ['{ type: number }', 'vars.n.deep == 5', 'VARIABLE_TYPE'],
    ['{ type: string }', 'vars.n', 'CONDITION_NOT_BOOLEAN'],
    ['{ type: object, properties: { a: {} } }', 'vars.n.b == 5', 'UNKNOWN_VARIABLE'],
  ])('%s in %s is %s', (schema, condition, code) => expect(read(schema, condition)).toEqual([code]));

  it('is there without a writer when it has a default, and not otherwise', () => {
    const text = (schema: string): string =>
      flowText({
        head: `vars: { n: ${schema} }\n`,
        edges: '  - begin -> work\n  - work -> done: vars.n\n  - work -> work: else\n',
      });
    expect(codesOf(text('{ type: boolean, default: true }'))).toEqual([]);
    expect(codesOf(text('{ type: boolean }'))).toEqual(['UNKNOWN_VARIABLE']);
  });

  it('has a schema that is one, and a default that it allows', () => {
    expect(codesOf(vars('{ type: numbr }', 'result.n'))).toEqual(['BAD_INPUT_SCHEMA']);
    expect(codesOf(vars('{ type: number, default: a }', 'result.n'))).toEqual(['BAD_DEFAULT']);
    expect(codesOf(vars('{ type: number, default: 0 }', 'result.n'))).toEqual([]);
  });
});

describe('what is read of a task that says what it returns', () => {
  const RETURNS = 'returns: { type: object, properties: { score: { type: number }, name: { type: string } } }';
  const lines = (condition: string): string =>
    flowText({
      nodes: `  work: { task: demo.work, ${RETURNS} }\n`,
      edges: `  - begin -> work\n  - work -> done: ${condition}\n  - work -> work: else\n`,
    });

  it.each([
    ['result.scor > 1', ['UNKNOWN_OUTPUT']],
    ['work.scor > 1', ['UNKNOWN_OUTPUT']],
    ['result.score == "a"', ['OUTPUT_TYPE']],
    ['work.score.deep', ['OUTPUT_TYPE']],
    ['result.score > 1 and work.name == "a"', []],
  ])('%s: %j', (condition, codes) => expect(codesOf(lines(condition))).toEqual(codes));

  it('gives its type on to variables', () => {
    const nodes = `  work: { task: demo.work, ${RETURNS}, out: { n: result.name } }\n`;
    expect(codesOf(flowText({ head: 'vars: { n: { type: number } }\n', nodes, edges: LOOP }))).toEqual([
      'VARIABLE_TYPE',
    ]);
  });

  it('is of its items beside each, so that the node itself is not judged by it', () => {
    const nodes = `  work: { task: demo.work, each: [1, 2], ${RETURNS} }\n`;
    expect(
      codesOf(
        flowText({ nodes, edges: '  - begin -> work\n  - work -> done: result.yes > 1\n  - work -> done: else\n' }),
      ),
    ).toEqual([]);
  });

  it('is taken by a task and a sequence, and by nothing else', () => {
    const sequence = '  work: { sequence: [{ name: a, do: x.y }], in: { a: 1 }, returns: { type: object } }\n';
    expect(codesOf(flowText({ nodes: sequence }))).toEqual([]);
    expect(codesOf(flowText({ nodes: '  work: { timer: 5m, returns: { type: object } }\n' }))).toEqual([
      'MODIFIER_NOT_HERE',
    ]);
  });
});

describe('what a flow says that it returns', () => {
  const out = (output: string, returns: string, nodes = '  work: { task: demo.work }\n'): string[] =>
    codesOf(flowText({ head: `${INPUT}output: ${output}\nreturns: ${returns}\n`, nodes }));

  it.each([
    ['a name that is required', '{ a: 1 }', '{ required: [b] }'],
    ['a name that it does not know', '{ a: 1, b: 2 }', '{ properties: { a: {} }, additionalProperties: false }'],
    ['a literal', '{ a: 1 }', '{ properties: { a: { type: string } } }'],
    ['a path', '{ a: input.count }', '{ properties: { a: { type: string } } }'],
  ])('is compared with its output: %s', (_name, output, returns) =>
    expect(out(output, returns)).toEqual(['OUTPUT_TYPE']),
  );

  it('is compared by references of its own schema', () => {
    const returns = "{ properties: { a: { $ref: '#/$defs/one' } }, $defs: { one: { type: string } } }";
    expect(out('{ a: input.count }', returns)).toEqual(['OUTPUT_TYPE']);
    expect(out('{ a: input.name }', returns)).toEqual([]);
  });
});

describe('what a called flow gives', () => {
  const CHILD = flowText({
    head: 'output: { number: work.n, note: work.x }\nreturns: { type: object, properties: { number: { type: string } } }\n',
  }).replace('flow: example', 'flow: child');
  const child = readDefinition(CHILD, 'child.flow.yaml').definition;
  if (!child) throw new Error('the child is no flow');
  const others = new Map([['child', child]]);
  const parent = (node: string, condition: string, known = others): string[] => {
    const text = flowText({
      head: 'vars: { n: { type: number } }\n',
      nodes: `  work: ${node}\n`,
      edges: `  - begin -> work\n  - work -> done: vars.n == 1 or ${condition}\n  - work -> work: else\n`,
    });
    return readDefinition(text, 'x.flow.yaml', known).problems.map(({ code }) => code);
  };

  it.each([
    ['{ call: child, out: { n: 1 } }', 'result.nubmer == "a"', ['UNKNOWN_OUTPUT']],
    ['{ call: child, out: { n: 1 } }', 'work.number == 1', ['CALL_TYPE']],
    ['{ call: child, out: { n: result.number } }', 'work.note == 1', ['CALL_TYPE']],
    ['{ call: child, out: { n: 1 } }', 'work.outcome == "x" and work.instance == "y" and work.note == 3', []],
    ['{ call: child, detach: true, out: { n: 1 } }', 'work.number == "a"', ['UNKNOWN_OUTPUT']],
    ['{ call: child, each: [1], in: { a: item }, out: { n: 1 } }', 'work.done == 1', []],
  ])('%s with %s: %j', (node, condition, codes) => expect(parent(node, condition)).toEqual(codes));

  it('is not judged where the called flow is not at hand', () => {
    expect(parent('{ call: child, out: { n: 1 } }', 'result.nubmer == "a"', new Map())).toEqual([]);
  });

  it('is a warning, since the called flow may change by itself', () => {
    const text = flowText({
      nodes: '  work: { call: child }\n',
      edges: '  - begin -> work\n  - work -> done: result.no\n  - work -> work: else\n',
    });
    const { definition, problems } = readDefinition(text, 'x.flow.yaml', others);
    expect(definition).not.toBeNull();
    expect(problems.map(({ severity }) => severity)).toEqual(['warning']);
  });
});

it('says where and what in one sentence', () => {
  const [problem] = problemsOf(vars('{ type: string }', 'input.count', INPUT));
  expect(problem?.message).toBe('Expected `vars.n` to be given a text, but it is given a number.');
});
