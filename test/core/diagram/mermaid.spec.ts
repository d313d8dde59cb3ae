import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { diagramMap } from '../../../src/core/diagram/diagram-map.js';
import { LABEL_LIMIT } from '../../../src/core/diagram/label.js';
import { definitionDiagram, instanceDiagram, takenEdges } from '../../../src/core/diagram/mermaid.js';
import {
  end,
  exclusive,
  flow,
  inclusive,
  is,
  join,
  path,
  set,
  start,
  task,
  timer,
} from '../../support/build-definition.js';
import { Bench, completed, failed, given, type Happening, started } from '../../support/flow-spec.js';
import { loadMermaid, type Understood } from './mermaid.js';

const order = flow(
  {
    begin: start(),
    review: task({ title: 'Ask "the" guarantor' }),
    kyc: task({ retry: { remote: [5_000], max: 9 } }),
    credit: task(),
    checked: join('all'),
    fee: set({ fee: path('input.amount') }),
    some: inclusive({ title: 'Extras?' }),
    letter: task(),
    gift: task(),
    cool: timer({ ms: 60_000 }),
    both: join('taken'),
    end: end('success'),
    rejected: end('rejected', { title: 'Rejected' }),
  },
  [
    'begin -> review',
    ['review -> kyc & credit', is('result.accepted', true)],
    ['review -> rejected', 'else'],
    ['review -> rejected', 'on error ACCOUNT_*'],
    'kyc & credit -> checked',
    ['kyc -> rejected', 'on timeout'],
    ['credit -> rejected', 'on exhausted', 'no answer'],
    'checked -> fee -> some',
    ['some -> letter', is('input.letter', true)],
    ['some -> gift', 'else'],
    'letter -> cool -> both',
    'gift -> both',
    'both -> end',
  ],
);
const past = (...events: readonly Happening[]): Bench => {
  const bench = new Bench(order);
  for (const event of events) expect(bench.happens(event)).toMatchObject({ ok: true });
  return bench;
};
const accepted = [started({ letter: true }), completed('review', { accepted: true })];

let understand: (text: string) => Promise<Understood>;
beforeAll(async () => {
  understand = await loadMermaid();
}, 60_000);

const golden = async (name: string, text: string): Promise<void> => {
  await understand(text);
  await expect(text).toMatchFileSnapshot(`../../golden/${name}.mmd`);
};

describe('a drawn definition', () => {
  it('shows every kind of node and line', () => golden('definition', definitionDiagram(order)));

  it('is understood by Mermaid as the map says, parts and places', async () => {
    const { nodes, edges } = await understand(definitionDiagram(order));
    const map = diagramMap(order);
    expect(nodes.map((node) => node.id)).toStrictEqual(map.nodes.map((node) => node.drawn));
    expect(edges.map((edge) => edge.id)).toStrictEqual(map.edges.map((edge) => edge.drawn));
    expect(map.edges.map((edge) => [edge.edge, edge.line, edge.from, edge.to])).toStrictEqual(
      order.edges.map((edge) => [edge.index, edge.line, edge.from, edge.to]),
    );
    expect(JSON.parse(JSON.stringify(map))).toStrictEqual(map);
  });
});

describe('a drawn instance', () => {
  it('waits at a join with a retry on its way', () => {
    const bench = past(...accepted, completed('credit'), failed('kyc'));
    const kyc = bench.row('kyc');
    const nodes = [...bench.rows.values()].map((row) => (row === kyc ? { ...row, wakeAt: 6_000 } : row));
    return golden('instance-waiting-at-join', instanceDiagram(order, { instance: bench.instance, nodes, now: 2_000 }));
  });

  it('stands at an incident', () => {
    const { instance, rows } = past(...accepted, failed('kyc', 'CLOSED', { permanent: true }));
    return golden('instance-incident', instanceDiagram(order, { instance, nodes: [...rows.values()] }));
  });

  it('has ended', () => {
    const { instance, rows } = past(started(), completed('review', { accepted: false }));
    return golden('instance-ended', instanceDiagram(order, { instance, nodes: [...rows.values()] }));
  });

  it('has taken the edges of every visit, of what waits at joins and of what joins have absorbed', () => {
    const race = flow(
      { begin: start(), a: task(), b: task(), c: task(), j: join(1), k: join('all'), z: task(), done: end() },
      ['begin -> a & b & c', 'a & b -> j', 'c -> k', 'b -> k', 'j -> z -> done', 'k -> done'],
    );
    const { instance, rows } = given(race).after(started(), completed('a')).when(completed('c')).gives();
    expect(takenEdges({ instance, nodes: [...rows.values()] })).toStrictEqual([0, 1, 2, 3, 5, 7]);
  });
});

describe('labels', () => {
  const nasty = [
    '"',
    '<b>x</b>',
    '&&',
    '#42;',
    ';',
    '`md`',
    '\\',
    '|',
    '{}',
    '[]',
    '%%',
    '-->',
    '😀',
    '漢字',
    '_*_',
    '- list',
    '1. one',
    'end',
    '&lt;',
    '<img src=x>',
    '\n',
    '()',
    'subgraph',
    'e\u0301',
    '-',
    'style',
  ];
  const text = fc.oneof(
    fc.constantFrom(...nasty),
    fc.string({ unit: 'binary', maxLength: 20 }),
    fc.array(fc.constantFrom(...nasty), { maxLength: 6 }).map((parts) => parts.join(' ')),
  );
  const shown = (raw: string): string => raw.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim();

  it('of every text come out of Mermaid as they were written', async () => {
    await fc.assert(
      fc.asyncProperty(text, text, async (title, condition) => {
        const any = flow(
          {
            begin: start({ title }),
            g: exclusive({ title }),
            t: timer({ ms: 1 }, { title }),
            a: task({ title }),
            done: end('done', { title }),
          },
          ['begin -> g', ['g -> t', { ...is('input.x', 1), text: condition }], ['g -> a', 'else'], 't & a -> done'],
        );
        const { nodes, edges } = await understand(definitionDiagram(any));
        const wanted = shown(title);
        expect(nodes.map((node) => node.label)).toStrictEqual(
          wanted ? Array.from({ length: 5 }, () => wanted) : ['begin', 'g', 't: 1ms', 'a', 'done'],
        );
        expect(edges[1]?.label).toBe(shown(condition));
      }),
      { numRuns: 150 },
    );
  }, 60_000);

  it(`end with … after ${LABEL_LIMIT} characters, and never within one`, async () => {
    const long = flow({ begin: start({ title: '😀'.repeat(200) }), done: end() }, ['begin -> done']);
    const { nodes } = await understand(definitionDiagram(long));
    expect(nodes[0]?.label).toBe(`${'😀'.repeat(LABEL_LIMIT - 1)}…`);
  });
});
