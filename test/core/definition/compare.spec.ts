import { describe, expect, it } from 'vitest';
import { compare, isSame } from '../../../src/core/definition/compare/compare.js';
import { compareLines } from '../../../src/core/definition/compare/compare-lines.js';
import type { Definition } from '../../../src/core/definition/definition.js';
import { comparisonDiagram } from '../../../src/core/diagram/comparison-diagram.js';
import { whenText } from '../../../src/core/diagram/mermaid.js';
import { readDefinition } from '../../../src/language/read-definition.js';

const SOURCE = `flow: order
title: Order
nodes:
  begin: { start: true }
  a: { task: demo.a, in: { x: input.x } }
  b: { task: demo.b, timeout: 5s }
  done: { end: done }
  no: { end: refused }
edges:
  - begin -> a
  - a -> b: result.ok == true
  - a -> no: else
  - b -> done
`;
const read = (source: string): Definition => {
  const { definition, problems } = readDefinition(source, 'a.flow.yaml');
  if (!definition) throw new Error(JSON.stringify(problems));
  return definition;
};
const differing = (...changes: readonly (readonly [string, string])[]) => {
  const after = changes.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`Expected ${from}`);
    return text.replace(from, to);
  }, SOURCE);
  return { after: read(after), compared: compare(read(SOURCE), read(after), whenText) };
};

describe('two versions', () => {
  it.each([
    ['comments', [['title: Order', 'title: Order # a shop']]],
    ['places', [['  b: { task: demo.b, timeout: 5s }', '  b:\n    timeout: 5s\n    task: demo.b']]],
  ] as const)('that differ in %s are the same', (_what, changes) => {
    expect(isSame(differing(...changes).compared)).toBe(true);
  });

  it('differ in keys of the file', () => {
    expect(differing(['title: Order', 'title: Orders\nkey: input.id']).compared.head).toEqual(['title', 'key']);
    const play = 'title: Order\nplay: { type: object }';
    expect(differing(['title: Order', play]).compared.head).toEqual(['play']);
  });

  it('differ in nodes: added, removed and changed, with the keys', () => {
    const { compared } = differing(
      ['in: { x: input.x }', 'in: { x: input.y }, visits: 3'],
      ['  no: { end: refused }', '  nope: { end: refused }'],
      ['a -> no', 'a -> nope'],
    );
    expect(compared.nodes).toEqual([
      { id: 'a', change: 'changed', keys: ['in', 'visits'] },
      { id: 'nope', change: 'added', keys: [] },
      { id: 'no', change: 'removed', keys: [] },
    ]);
    expect(compared.edges).toEqual([
      { from: 'a', to: 'nope', change: 'added', before: null, after: 'else' },
      { from: 'a', to: 'no', change: 'removed', before: 'else', after: null },
    ]);
  });

  it('differ in conditions', () => {
    expect(differing(['result.ok == true', 'result.ok == false']).compared).toMatchObject({
      nodes: [],
      edges: [{ from: 'a', to: 'b', change: 'changed', before: 'result.ok == true', after: 'result.ok == false' }],
    });
  });

  it('differ in the order in which lines are tried, and in nothing else', () => {
    const { compared } = differing([
      '  - a -> b: result.ok == true\n  - a -> no: else',
      '  - a -> no: else\n  - a -> b: result.ok == true',
    ]);
    expect(compared).toEqual({ head: [], nodes: [], edges: [], reordered: ['a'] });
  });

  it('are drawn in one: added green, removed red, changed amber', () => {
    const { after } = differing(
      ['timeout: 5s', 'timeout: 6s'],
      ['  no: { end: refused }', '  nope: { end: refused }'],
      ['a -> no', 'a -> nope'],
      ['result.ok == true', 'result.ok == false'],
    );
    const drawn = comparisonDiagram(read(SOURCE), after);
    expect(drawn).toContain('n_no((("no")))');
    expect(drawn).toMatch(/class n_nope added\n/);
    expect(drawn).toMatch(/class n_no removed\n/);
    expect(drawn).toMatch(/class n_b changed\n/);
    expect(drawn).toMatch(/linkStyle 2 stroke:#2f9e44/);
    expect(drawn).toMatch(/linkStyle 4 stroke:#e03131/);
    expect(drawn).toMatch(/linkStyle 1 stroke:#f08c00/);
    expect(drawn).toMatch(/n_a -->\|"else"\| n_no\n/);
  });

  it('draw nothing in colour when they are the same', () => {
    expect(comparisonDiagram(read(SOURCE), read(SOURCE))).not.toMatch(/^ {2}(class|linkStyle) /m);
  });
});

describe('two texts', () => {
  const marked = (before: string, after: string): string =>
    compareLines(before, after)
      .map(({ mark, text }) => mark + text)
      .join('|');

  it.each([
    ['a\nb\nc', 'a\nb\nc', ' a| b| c'],
    ['a\nb\nc', 'a\nx\nc', ' a|-b|+x| c'],
    ['a\nc', 'a\nb\nc', ' a|+b| c'],
    ['a\nb\na\nb', 'b\na\nb\na', '-a| b| a| b|+a'],
    ['', 'a', '-|+a'],
  ])('%j and %j', (before, after, expected) => expect(marked(before, after)).toBe(expected));

  it('give both back, whatever they are', () => {
    for (let seed = 1; seed < 60; seed++) {
      const text = (shift: number): string =>
        Array.from({ length: (seed * 7 + shift) % 23 }, (_, i) => 'abc'[(i * seed + shift * i * i) % 3]).join('\n');
      const [before, after] = [text(1), text(5)];
      const lines = compareLines(before, after);
      const side = (mark: string): string =>
        lines
          .filter((line) => line.mark !== mark)
          .map((line) => line.text)
          .join('\n');
      expect([side('+'), side('-')]).toEqual([before, after]);
    }
  });

  it('that are long and wholly different are compared in no time', () => {
    const lines = (prefix: string): string => Array.from({ length: 20_000 }, (_, i) => prefix + i).join('\n');
    expect(compareLines(lines('a'), lines('b'))).toHaveLength(40_000);
  });
});
