import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, graph, problemsOf } from '../flow-text.js';

const FAN = ['begin -> a & b -> c -> done'];
const writing = (a: string, b: string, c: string): string[] => [
  `a: { task: x.a, out: { n: ${a} } }`,
  `b: { task: x.b, out: { n: ${b} } }`,
  `c: { task: x.c, ${c} }`,
];

describe('merge', () => {
  it('lets branches write the same variable that meet at a join which says what becomes of it', () => {
    const nodes = writing('result.n', 'result.n', 'join: all, merge: { n: sum }');
    expect(codesOf(graph(FAN, nodes))).toEqual([]);
    const counted = [...nodes.slice(0, 2), 'c: { join: all, merge: { n: { by: "len(values)" } } }', 'd: { task: x.d }'];
    expect(codesOf(graph(['begin -> a & b -> c -> d -> done'], counted))).toEqual([]);
  });

  it('says in the hint of parallel writes how to merge them', () => {
    const [problem] = problemsOf(graph(FAN, writing('result.n', 'result.n', 'join: all')));
    expect(problem).toMatchObject({ code: 'PARALLEL_WRITES', hint: expect.stringContaining('merge: { n: list }') });
  });

  it.each([
    ['join: each, merge: { n: sum }', 'it does not wait for them'],
    ['join: { arrivals: 2 }, merge: { n: sum }', 'it counts arrivals of whichever branch'],
    ['join: 1, rest: hold, merge: { n: sum }', 'its rounds overtake one another'],
  ])('is refused beside %s', (modifiers, why) => {
    const nodes = ['a: { task: x.a, out: { n: result.n } }', `c: { task: x.c, ${modifiers} }`];
    const problems = problemsOf(graph(FAN, nodes)).filter(({ code }) => code === 'MERGE_NOT_HERE');
    expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining(why)]);
  });

  it('is refused where one branch comes alone, and where nothing is joined', () => {
    const one = ['a: { task: x.a, out: { n: result.n } }', 'b: { task: x.b, join: taken, merge: { n: sum } }'];
    expect(codesOf(graph(['begin -> a -> b -> done'], one))).toContain('MERGE_NOT_HERE');
    const none = ['a: { task: x.a, out: { n: result.n } }', 'b: { task: x.b, merge: { n: sum } }'];
    expect(codesOf(graph(['begin -> a -> b -> done'], none))).toEqual(['MERGE_NOT_HERE']);
  });

  it('is refused for a variable that no branch writes, although something else does', () => {
    const nodes = ['s: { set: { n: 1 } }', 'c: { task: x.c, join: all, merge: { n: sum } }'];
    expect(codesOf(graph(['begin -> s -> a & b -> c -> done'], nodes))).toEqual(['MERGE_UNWRITTEN']);
  });

  it.each([
    ['1', '"\'one\'"', 'sum', 'MERGE_UNFIT'],
    ['1', '2', 'sum', null],
    ['"\'a\'"', '"\'b\'"', 'max', null],
    ['1', 'true', 'min', 'MERGE_UNFIT'],
    ['[1]', '2', 'concat', 'MERGE_UNFIT'],
    ['[1]', '[2]', 'union', null],
    ['{ x: 1 }', '[2]', 'object', 'MERGE_UNFIT'],
    ['1', '[2]', 'list', null],
    ['1', '[2]', 'last', null],
    ['1', 'result.any', 'concat', 'MERGE_UNFIT'],
  ])('of %s and %s as %s has %s', (a, b, rule, code) => {
    const nodes = writing(a, b, `join: all, merge: { n: ${rule} }`);
    expect(codesOf(graph(FAN, nodes))).toEqual(code ? [code] : []);
  });

  it('is no merge by a name that is none, nor by an expression that reads what is not there', () => {
    expect(codesOf(graph(FAN, writing('1', '2', 'join: all, merge: { n: plus }')))).toContain('WRONG_VALUE');
    expect(codesOf(graph(FAN, writing('1', '2', 'join: all, merge: { n: { by: "valeus[0]" } }')))).toEqual([
      'UNKNOWN_NAME',
    ]);
  });

  it('still refuses two nodes of one branch that write at a time', () => {
    const nodes = [
      ...writing('1', '2', 'join: all, merge: { n: sum }'),
      'd: { task: x.d, out: { n: result.n } }',
      'e: { join: all }',
    ];
    // What parts again in a branch must meet, and be merged, before the branch ends.
    const edges = ['begin -> b & f', 'f -> a & d -> e', 'e & b -> c -> done'];
    expect(codesOf(graph(edges, nodes))).toEqual(['PARALLEL_WRITES']);
    const merged = nodes.map((node) => node.replace('e: { join: all }', 'e: { join: all, merge: { n: max } }'));
    expect(codesOf(graph(edges, merged))).toEqual([]);
  });

  it('refuses a writer beside the branches, which would write at the same time as the join', () => {
    const nodes = [
      ...writing('1', '2', 'join: all, merge: { n: sum }'),
      'w: { task: x.w, out: { n: result.n } }',
      'z: { task: x.z, join: all }',
    ];
    expect(codesOf(graph(['begin -> a & b & w', 'a & b -> c -> z', 'w -> z -> done'], nodes))).toEqual([
      'PARALLEL_WRITES',
    ]);
  });

  it('lets nobody outside see what a branch keeps', () => {
    const nodes = writing('result.n', 'vars.n', 'join: all, merge: { n: sum }');
    const read = readDefinition(
      graph(['begin -> a & b -> c -> d -> done'], [...nodes, 'd: { set: { all: vars } }']),
      'x',
    );
    const set = read.definition?.nodes.get('d');
    const all = set?.kind === 'set' ? set.set.get('all') : undefined;
    expect(all?.value({ vars: { n: 3, 'n@c.a': [1] } })).toEqual({ n: 3 });
  });
});
