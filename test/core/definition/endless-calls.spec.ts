import { describe, expect, it } from 'vitest';
import { endlessFlows } from '../../../src/core/definition/endless-calls.js';
import { readDefinition } from '../../../src/language/read-definition.js';

function flows(...texts: readonly (readonly [flow: string, nodes: string, edges: readonly string[]])[]) {
  const read = texts.map(([flow, nodes, edges]) => {
    const text = `flow: ${flow}\nnodes:\n  begin: { start: true }\n  done: { end: done }\n${nodes}\nedges:\n${edges.map((edge) => `  - ${edge}\n`).join('')}`;
    const { definition, problems } = readDefinition(text, `${flow}.flow.yaml`, null);
    if (!definition) throw new Error(JSON.stringify(problems));
    return definition;
  });
  return new Map(read.map((definition) => [definition.flow, definition]));
}

const calls = (flow: string, other: string, ...edges: readonly string[]) =>
  [flow, `  work: { call: ${other} }`, edges.length > 0 ? edges : ['begin -> work -> done']] as const;

describe('flows that never end', () => {
  it.each([
    ['a call of itself', [calls('a', 'a')], ['a']],
    ['a call of one another', [calls('a', 'b'), calls('b', 'a')], ['a', 'b']],
    ['a circle of three', [calls('a', 'b'), calls('b', 'c'), calls('c', 'a')], ['a', 'b', 'c']],
    ['a way into a circle', [calls('a', 'b'), calls('b', 'b')], ['a', 'b']],
    ['a call of a flow that nobody knows', [calls('a', 'b')], []],
    [
      'a call that has a way past it',
      [calls('a', 'a', 'begin -> work: input.more', 'begin -> done: else', 'work -> done')],
      [],
    ],
    [
      'a circle that one of them can leave',
      [calls('a', 'b'), calls('b', 'a', 'begin -> work: input.more', 'begin -> done: else', 'work -> done')],
      [],
    ],
    [
      'a call whose failure leads on',
      [calls('a', 'a', 'begin -> work', 'work -> done', 'work -> done: on error *')],
      [],
    ],
  ] as const)('%s', (_, given, endless) => {
    expect([...endlessFlows(flows(...given))].sort()).toEqual(endless);
  });

  it('all branches of a fan are taken, so one of them is enough', () => {
    const nodes = '  a: { task: demo.a }\n  b: { call: x }';
    expect(endlessFlows(flows(['x', nodes, ['begin -> a & b', 'a & b -> done']])).size).toBe(1);
    const cut = `${nodes}\n  over: { end: terminate }`;
    expect(endlessFlows(flows(['x', cut, ['begin -> a & b', 'a -> over', 'b -> done']])).size).toBe(0);
  });

  it('a loop has to be left before the call', () => {
    const nodes = '  a: { task: demo.a }\n  b: { call: x }';
    const edges = ['begin -> a', 'a -> a: result.again', 'a -> b: else', 'b -> done'];
    expect(endlessFlows(flows(['x', nodes, edges])).size).toBe(1);
  });
});
