import { describe, expect, it } from 'vitest';
import { definitionDiagram } from '../../../../src/core/diagram/mermaid.js';
import { readDefinition } from '../../../../src/language/read-definition.js';
import { Bench, completed, given, retried, started } from '../../../support/flow-spec.js';

const definitionOf = (join: string, more = '', lines = '  - begin -> a & b & c -> j -> done\n') => {
  const text = `flow: x
output: { n: vars.n }
nodes:
  begin: { start: true }
  a: { task: x.a, out: { n: result.n } }
  b: { task: x.b, out: { n: result.n } }
  c: { task: x.c }
  j: { ${join} }
  done: { end: done }
${more}edges:
${lines}`;
  const { definition, problems } = readDefinition(text, 'x.flow.yaml');
  if (!definition) throw new Error(JSON.stringify(problems));
  return definition;
};

describe('merge', () => {
  it('counts only those with which the join has gone on', () => {
    const lines = '  - begin -> a & b & c\n  - a -> slow -> j\n  - b & c -> j\n  - j -> done\n';
    const two = definitionOf('join: 2, merge: { n: list }', '  slow: { task: x.slow }\n', lines);
    const bench = new Bench(two);
    for (const one of [started(), completed('a', { n: 1 }), completed('c'), completed('b', { n: 2 })])
      bench.happens(one);
    expect(bench.vars['n']).toStrictEqual([2]);
    expect(bench.happens(completed('slow')).ok).toBe(true);
    expect(bench.vars['n']).toStrictEqual([2]);
    expect(bench.instance).toMatchObject({ status: 'completed' });
  });

  it('counts a null that was written, and nothing of who wrote nothing', () => {
    const bench = new Bench(definitionOf('join: all, merge: { n: list }'));
    for (const one of [started(), completed('c', { n: 9 }), completed('b'), completed('a', { n: 1 })]) {
      bench.happens(one);
    }
    expect(bench.vars['n']).toStrictEqual([1, null]);
  });

  it('is an incident when the values do not fit, and keeps them for another rule', () => {
    const before = [started(), completed('a', { n: 1 }), completed('b', { n: 'two' })];
    const bench = given(definitionOf('join: all, merge: { n: sum }'))
      .after(...before)
      .when(completed('c'))
      .gives('! j MERGE_UNFIT');
    expect(bench.row('j')?.error?.message).toContain('numbers alone for `sum`');
    expect(bench.instance.state.facts['vars']).toMatchObject({ 'n@j.a': [1], 'n@j.b': ['two'] });
    // The same instance, moved to a version in which it is a list.
    const moved = new Bench(definitionOf('join: all, merge: { n: list }'));
    for (const one of [...before]) moved.happens(one);
    moved.instance = bench.instance;
    for (const [key, row] of bench.rows) moved.rows.set(key, row);
    expect(moved.happens(retried('j')).ok).toBe(true);
    expect(moved.vars['n']).toStrictEqual([1, 'two']);
  });

  it('begins anew in every round of a loop', () => {
    const lines = '  - begin -> s -> a & b & c -> j\n  - j -> s: vars.n[0] < 3\n  - j -> done: else\n';
    const bench = new Bench(definitionOf('join: all, merge: { n: list }', '  s: { task: x.s }\n', lines));
    const round = (visit: number, a: number, b: number) => [
      completed('b', { n: b }, { visit }),
      completed('a', { n: a }, { visit }),
      completed('c', {}, { visit }),
    ];
    for (const one of [started(), completed('s'), ...round(1, 1, 2)]) bench.happens(one);
    expect(bench.vars['n']).toStrictEqual([1, 2]);
    for (const one of [completed('s', {}, { visit: 2 }), ...round(2, 3, 4)]) bench.happens(one);
    expect(bench.vars['n']).toStrictEqual([3, 4]);
    expect(bench.instance).toMatchObject({ status: 'completed' });
  });

  it('is drawn on the join', () => {
    expect(definitionDiagram(definitionOf('join: all, merge: { n: list }'))).toContain('j#58; all, merges n list');
  });
});
