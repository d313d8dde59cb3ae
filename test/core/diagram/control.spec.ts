import { beforeAll, describe, expect, it } from 'vitest';
import { diagramMap } from '../../../src/core/diagram/diagram-map.js';
import { definitionDiagram, instanceDiagram } from '../../../src/core/diagram/mermaid.js';
import { end, expr, first, flow, parallel, start, task } from '../../support/build-definition.js';
import { after, onMessage } from '../../support/definition/border-events.js';
import { given, started } from '../../support/flow-spec.js';
import { loadMermaid, type Understood } from './mermaid.js';

const s = { scopes: ['order'] };
const bordered = flow(
  { begin: start(), p: parallel(), a: task(s), b: task(s), j: first(1, 'cancel'), off: end(), done: end() },
  [
    'begin -> p',
    'p -> a & b -> j -> done',
    ['a -> off', onMessage('bank.recall', { match: new Map([['id', expr('input.id', ['input.id'], (id) => id)]]) })],
    ['b -> off', after(7_200_000, false)],
    ['b -> off', 'on error *', null, ['order']],
  ],
);

describe('a diagram of what can happen at borders and in scopes', () => {
  let understood: (text: string) => Promise<Understood>;
  beforeAll(async () => {
    understood = await loadMermaid();
  });

  it('says on the edge what it waits for, and draws nobody who waits', async () => {
    const text = definitionDiagram(bordered);
    const { nodes, edges } = await understood(text);
    const drawn = nodes.map(({ id }) => id).filter((id) => id.startsWith('n_'));
    expect(drawn.sort()).toEqual(['n_a', 'n_b', 'n_begin', 'n_done', 'n_j', 'n_off', 'n_p']);
    expect(edges).toHaveLength(bordered.edges.length);
    expect(text).toContain('n_a -.->|"on message bank.recall with id = input.id"| n_off');
    expect(text).toContain('n_b -.->|"on timeout after 2h, beside"| n_off');
    expect(text).toContain('n_b -.->|"on error #42; cancels order"| n_off');
    expect(text).toContain('j#58; 1, cancel the rest');
    expect(diagramMap(bordered).nodes.map(({ node }) => node)).toEqual([...bordered.nodes.keys()].slice(0, 7));
  });

  it('frames a scope', () => {
    expect(definitionDiagram(bordered)).toContain('  subgraph s_order["order"]\n    n_a\n    n_b\n  end\n');
  });

  it('colours an instance without naming who waits', async () => {
    const bench = given(bordered)
      .after()
      .when(started({ id: 'x' }));
    const { instance, nodes } = bench.transition();
    const text = instanceDiagram(bordered, { instance, nodes, now: 0 });
    expect(text).not.toContain('@');
    await understood(text);
  });
});
