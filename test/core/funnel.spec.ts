import { describe, expect, it } from 'vitest';
import { funnelOf } from '../../src/core/testing/funnel.js';
import { readDefinition } from '../../src/language/read-definition.js';
import { testFlow } from '../../src/programs/in-memory/flow-test.js';
import { aNode, anInstance } from '../console/support/stored.js';

const text = `flow: shop
nodes:
  begin: { start: true }
  ask: { task: shop.ask }
  pay: { task: shop.pay }
  paid: { end: paid }
  left: { end: left }
edges:
  - begin -> ask
  - ask -> pay: result.wants
  - ask -> left: else
  - pay -> paid
  - pay -> ask: on error AGAIN
`;

describe('a funnel', () => {
  const { definition } = readDefinition(text, 'shop');
  if (!definition) throw new Error('Expected a sound definition, but it is not.');
  const come = (...rows: readonly Partial<ReturnType<typeof aNode>>[]) => ({
    instance: anInstance({}),
    nodes: rows.map((row) => aNode({ status: 'done', ...row })),
  });
  const all = [
    come({ node: 'begin', via: [] }, { node: 'ask', via: [0] }, { node: 'left', via: [2] }),
    come({ node: 'begin', via: [] }, { node: 'ask', via: [0] }, { node: 'pay', via: [1], status: 'incident' }),
    come(
      { node: 'begin', via: [] },
      { node: 'ask', via: [0] },
      { node: 'pay', via: [1], error: { code: 'AGAIN', message: 'm', permanent: true } },
      { node: 'ask', visit: 2, via: [4], status: 'waiting' },
    ),
  ];

  it('counts instances and not visits, in the order of the definition', () => {
    const { instances, nodes } = funnelOf(definition, all);
    expect(instances).toBe(3);
    expect(nodes.map(({ node, ...counts }) => [node, ...Object.values(counts)])).toEqual([
      ['begin', 3, 3, 0, 0],
      ['ask', 3, 3, 1, 0],
      ['pay', 2, 1, 1, 1],
      ['paid', 0, 0, 0, 0],
      ['left', 1, 1, 0, 0],
    ]);
  });

  it('counts each edge once for an instance', () => {
    const { edges } = funnelOf(definition, all);
    expect(edges.map(({ index, taken }) => `${index}:${taken}`)).toEqual(['0:3', '1:2', '2:1', '3:0', '4:1']);
  });

  it('agrees with what a run says of its path', async () => {
    const run = await testFlow({ text }).start({}, { mocks: { 'shop.ask': { wants: true }, 'shop.pay': {} } });
    const { nodes } = funnelOf(definition, [
      come(...run.happened.nodes.map(({ node }, at) => ({ node, via: at === 0 ? [] : [at - 1] }))),
    ]);
    expect(nodes.filter(({ entered }) => entered > 0).map(({ node }) => node)).toEqual(run.path);
    expect(funnelOf(definition, [])).toMatchObject({ instances: 0 });
  });
});
