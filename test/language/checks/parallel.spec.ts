import { describe, expect, it } from 'vitest';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText, graph } from '../flow-text.js';
import { cpuMs } from '../yaml/timed.js';

describe('parallel paths and loops', () => {
  it('F14: refuses parallel paths that meet without a join', () => {
    expect(codesOf(graph(['begin -> a & b -> c -> done']))).toEqual(['UNSOUND_JOIN']);
    expect(
      codesOf(graph(['begin -> g', 'g -> a', 'g -> b', 'a & b -> c -> done'], ['g: { gateway: parallel }'])),
    ).toEqual(['UNSOUND_JOIN']);
    expect(
      codesOf(
        graph(
          ['begin -> g', 'g -> a: input.a', 'g -> b: input.b', 'g -> c: else', 'a & b -> c -> done'],
          ['g: { gateway: inclusive }'],
        ),
      ),
    ).toEqual(['UNSOUND_JOIN']);
  });

  it('F14: takes alternatives that meet without a join, and parallel paths that meet in ends', () => {
    expect(codesOf(graph(['begin -> a', 'a -> b: result.x', 'a -> c: else', 'b & c -> d -> done']))).toEqual([]);
    expect(codesOf(graph(['begin -> a & b -> done']))).toEqual([]);
    expect(
      codesOf(
        graph(['begin -> a & b -> c -> d', 'd -> c: result.x', 'd -> done: else'], ['c: { task: c, join: each }']),
      ),
    ).toEqual([]);
  });

  it('F14: takes blocks inside blocks, one after another and in loops', () => {
    const inner = ['begin -> a & b', 'a -> c & d -> e', 'e & b -> f -> done'];
    expect(codesOf(graph(inner, ['e: { join: all }', 'f: { join: all }']))).toEqual([]);
    expect(
      codesOf(graph(['begin -> a & b -> c', 'c -> d & e -> f -> done'], ['c: { join: all }', 'f: { join: all }'])),
    ).toEqual([]);
    const loop = ['begin -> s', 's -> a & b -> c -> d', 'd -> s: result.again', 'd -> done: else'];
    expect(codesOf(graph(loop, ['c: { join: all }']))).toEqual([]);
    const paths = ['begin -> s', 's -> a & b', 'a -> c: result.x', 'a -> d: else', 'c & d -> e', 'e & b -> f -> done'];
    expect(codesOf(graph(paths, ['f: { join: all }']))).toEqual([]);
  });

  it('F15: takes loops inside the blocks of loops, four deep', () => {
    const depths = [0, 1, 2, 3];
    const edges = depths.flatMap((i) => [
      `f${i} -> a${i} & b${i}`,
      i < 3 ? `a${i} -> f${i + 1}` : `a${i} -> j${i}`,
      `b${i} -> j${i} -> c${i}`,
      `c${i} -> f${i}: result.again`,
      `c${i} -> ${i > 0 ? `j${i - 1}` : 'done'}: else`,
    ]);
    const joins = depths.map((i) => `j${i}: { join: all }`);
    expect(codesOf(graph(['begin -> f0', ...edges], joins))).toEqual([]);
  });

  it('F14: one missing join is one problem', () => {
    expect(codesOf(graph(['begin -> a & b -> c', 'c -> d: result.x', 'c -> e: else', 'd & e -> f -> done']))).toEqual([
      'UNSOUND_JOIN',
    ]);
  });

  it('F14, F18: refuses joins that wait for alternatives', () => {
    expect(
      codesOf(graph(['begin -> a', 'a -> b: result.x', 'a -> c: else', 'b & c -> d -> done'], ['d: { join: all }'])),
    ).toEqual(['WAITS_FOREVER']);
    expect(
      codesOf(graph(['begin -> a', 'a -> b: result.x', 'a -> c: else', 'b & c -> d -> done'], ['d: { join: 2 }'])),
    ).toEqual(['WAITS_FOREVER']);
    expect(
      codesOf(graph(['begin -> a', 'a -> b: result.x', 'a -> c: else', 'b & c -> d -> done'], ['d: { join: taken }'])),
    ).toEqual([]);
    expect(
      codesOf(graph(['begin -> a -> b', 'b -> a: result.x', 'b -> done: else'], ['a: { task: a, join: all }'])),
    ).toEqual(['WAITS_FOREVER']);
  });

  it('F15: warns of a way out of a parallel block past its join', () => {
    const out = ['begin -> a & b -> c -> done', 'a -> no: on error *'];
    expect(codesOf(graph(out, ['c: { join: all }', 'no: { end: no }']))).toEqual(['MAY_WAIT_FOREVER']);
    expect(codesOf(graph(out, ['c: { join: all }', 'no: { end: terminate }']))).toEqual([]);
    expect(codesOf(graph(out, ['c: { join: all }', 'no: { end: { fail: NO } }']))).toEqual([]);
    expect(codesOf(graph(out, ['c: { join: taken }', 'no: { end: no }']))).toEqual([]);
    expect(codesOf(graph(out, ['c: { join: 1 }', 'no: { end: no }']))).toEqual([]);
  });

  it('F16: warns of a join with one edge, and refuses one that waits for more than there are', () => {
    expect(codesOf(graph(['begin -> a -> done'], ['a: { join: all }']))).toEqual(['JOIN_OF_ONE']);
    expect(codesOf(graph(['begin -> a & b -> c -> done'], ['c: { join: 3 }']))).toEqual(['JOIN_COUNT_TOO_LARGE']);
  });

  it('F17: refuses loops without work or waiting', () => {
    const nodes = ['g: { gateway: exclusive }', 's: { set: { x: input.x } }'];
    expect(codesOf(graph(['begin -> g', 'g -> s: vars.x', 'g -> done: else', 's -> g'], nodes))).toEqual([
      'TIGHT_LOOP',
    ]);
    expect(
      codesOf(
        graph(['begin -> g', 'g -> s: vars.x', 'g -> done: else', 's -> t -> g'], [...nodes, 't: { timer: 1s }']),
      ),
    ).toEqual([]);
  });

  it('F18: refuses counting joins and rival joins in loops', () => {
    const count = ['begin -> s -> a & b -> c -> d', 'd -> s: result.x', 'd -> done: else'];
    expect(codesOf(graph(count, ['c: { join: 1 }']))).toEqual(['COUNT_JOIN_IN_LOOP']);
    const rivals = ['begin -> a & b', 'a -> b', 'b -> a: result.x', 'b -> done: else'];
    expect(codesOf(graph(rivals, ['a: { task: a, join: taken }', 'b: { task: b, join: taken }']))).toEqual([
      'TAKEN_JOINS_WAIT',
    ]);
  });

  it('F33: checks a flow as large as allowed in a time that nobody notices', () => {
    const blocks = Array.from({ length: 124 }, (_, i) => `f${i} -> a${i} & b${i} -> j${i} -> f${i + 1}`);
    const joins = Array.from({ length: 124 }, (_, i) => `j${i}: { join: all }`);
    const text = graph(['begin -> f0', ...blocks, 'f124 -> done'], joins);
    const { definition, problems } = readDefinition(text, 'large.flow.yaml');
    const times = Array.from({ length: 5 }, () => cpuMs(() => readDefinition(text, 'large.flow.yaml')));
    expect(problems).toEqual([]);
    expect(definition?.nodes.size).toBe(499);
    expect(Math.min(...times)).toBeLessThan(300);
  });

  it('lets a join write what one of its branches has written, unless it goes on without it', () => {
    const nodes = (join: string) => [
      'a: { task: a, out: { x: result.x } }',
      `c: { task: c, join: ${join}, out: { x: vars.x + 1 } }`,
      'd: { task: d }',
    ];
    const edges = ['begin -> a & b -> c -> d -> done'];
    expect(codesOf(graph(edges, nodes('all')))).toEqual([]);
    expect(codesOf(graph(edges, nodes('taken')))).toEqual([]);
    expect(codesOf(graph(edges, nodes('1')))).toEqual(['PARALLEL_WRITES']);
    const beside = ['begin -> a & b & w', 'a & b -> c -> d', 'w & d -> z -> done'];
    const more = ['w: { task: w, out: { x: result.x } }', 'z: { task: z, join: all }'];
    // What runs beside the branches runs beside their join too.
    expect(codesOf(graph(beside, [...nodes('all').slice(1), ...more]))).toEqual(['PARALLEL_WRITES']);
  });

  it('refuses what two parallel paths write both', () => {
    const nodes = ['a: { task: a, out: { x: result.x } }', 'b: { set: { x: input.x } }', 'c: { task: c, join: all }'];
    expect(codesOf(graph(['begin -> a & b -> c -> done'], nodes))).toEqual(['PARALLEL_WRITES']);
    expect(codesOf(graph(['begin -> a -> b -> e -> done'], nodes.slice(0, 2)))).toEqual([]);
    expect(
      codesOf(graph(['begin -> d', 'd -> a: result.x', 'd -> b: else', 'a & b -> e -> done'], nodes.slice(0, 2))),
    ).toEqual([]);
  });
});

describe('what becomes of the rest of a join by number', () => {
  const nodes = (rest: string) => [`c: { join: 1${rest} }`];
  const loop = ['begin -> p -> a & b -> c -> d', 'd -> p: result.again', 'd -> done: else'];

  it('makes it possible in a loop', () => {
    expect(codesOf(graph(loop, nodes('')))).toContain('COUNT_JOIN_IN_LOOP');
    expect(codesOf(graph(loop, nodes(', rest: ignore')))).toContain('COUNT_JOIN_IN_LOOP');
    expect(codesOf(graph(loop, nodes(', rest: hold')))).toEqual([]);
    expect(codesOf(graph(loop, nodes(', rest: cancel')))).toEqual([]);
  });

  it('cancelled, it meets nothing that comes after the join', () => {
    const meets = ['begin -> a & b & e', 'a & b -> c -> m', 'b -> m: on error *', 'm -> done', 'e -> done'];
    expect(codesOf(graph(meets, nodes('')))).toContain('UNSOUND_JOIN');
    expect(codesOf(graph(meets, nodes(', rest: cancel')))).not.toContain('UNSOUND_JOIN');
  });

  it('is said beside a number alone', () => {
    expect(codesOf(graph(['begin -> a & b -> c -> done'], ['c: { join: all, rest: cancel }']))).toEqual([
      'MODIFIER_NOT_HERE',
    ]);
    expect(codesOf(graph(['begin -> a & b -> c -> done'], ['c: { join: 1, rest: drop }']))).toEqual(['WRONG_VALUE']);
  });
});

describe('threads', () => {
  const threads = (edge: string, join: string) =>
    flowText({
      nodes: `  work: { task: demo.work }\n  a: { task: demo.a }\n  m: { join: ${join} }\n`,
      edges: `  - begin -> work\n  - ${edge}\n  - a -> m -> done\n`,
    });
  const codes = (edge: string, join: string) => codesOf(threads(edge, join));

  it('are begun by an edge and counted by a join', () => {
    expect(codes('{ from: work, to: a, times: 4 }', '{ arrivals: 2 }')).toEqual([]);
    expect(codes('{ from: work, to: a, times: 1 }', '{ arrivals: 2 }')).toEqual(['OUT_OF_RANGE']);
    expect(codes('{ from: work, to: a, times: 101 }', '{ arrivals: 2 }')).toEqual(['OUT_OF_RANGE']);
    expect(codes('work -> a', '{ arrivals: many }')).toEqual(['WRONG_VALUE']);
  });
});
