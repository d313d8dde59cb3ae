import { expect, it } from 'vitest';
import { definitionDiagram } from '../../../src/core/diagram/mermaid.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { codesOf, flowText, placesOf } from '../flow-text.js';

const work = (node: string): string => flowText({ nodes: `  work: ${node}\n` });
const ONE = '{ try: a.t, confirm: a.k, cancel: a.x }';

it('reads participants, and draws them', () => {
  const { definition, problems } = readDefinition(work(`{ tcc: { a: ${ONE} }, timeout: 3s }`), 'x.flow.yaml');
  expect(problems).toEqual([]);
  const participant = { name: 'a', try: 'a.t', confirm: 'a.k', cancel: 'a.x', in: null };
  expect(definition?.nodes.get('work')).toMatchObject({
    kind: 'task',
    timeoutMs: 3_000,
    tcc: { order: 'parallel', participants: [participant] },
  });
  expect(definition && definitionDiagram(definition)).toContain('n_work[("work#58; a")]');
});

it.each([
  ['{ tcc: {} }', 'WRONG_VALUE 5:16'],
  ['{ tcc: demo.pay }', 'WRONG_TYPE 5:16'],
  ['{ tcc: { a: { try: a.t, confirm: a.k } } }', 'MISSING_KEY 5:18'],
  ['{ tcc: { a: { try: a.t, confirm: a.k, cancel: a.t } } }', 'TCC_SAME_HANDLER 5:55'],
  [`{ tcc: { a: ${ONE} }, visits: 16001 }`, 'OUT_OF_RANGE 5:3'],
  [`{ tcc: { a: ${ONE} }, order: first }`, 'WRONG_VALUE 5:71'],
  [`{ tcc: { a: ${ONE} }, remote: true }`, 'MODIFIER_NOT_HERE 5:64'],
  ['{ tcc: { a: { try: a.t, confirm: a.k, cancel: a.x, in: { n: nowhere.n } } } }', 'UNKNOWN_NAME 5:69'],
])('%s has %s', (node, problem) => expect(placesOf(work(node))).toEqual([problem]));

it.each([
  ['event: on timeout, after: 1h', []],
  ['event: on message x.y', []],
  ['event: on timeout, after: 1h, interrupts: false', []],
  ['event: on timeout', []],
])('a line with %s has %j', (line, codes) => {
  const nodes = `  work: { tcc: { a: ${ONE} } }\n  late: { end: late }\n`;
  const edges = `  - begin -> work -> done\n  - { from: work, to: late, ${line} }\n`;
  expect(codesOf(flowText({ nodes, edges }))).toEqual(codes);
});

it('has a time to try, which is watched beside it and not drawn', () => {
  const long = 'a'.repeat(60);
  const nodes = `  work: { tcc: { a: ${ONE} }, within: 30s }\n  ${long}: { tcc: { a: ${ONE} }, within: 1m }\n`;
  const text = flowText({ nodes, edges: `  - begin -> work -> ${long} -> done\n` });
  const { definition, problems } = readDefinition(text, 'x.flow.yaml');
  expect(problems).toEqual([]);
  const on = { type: 'after', afterMs: 30_000, interrupts: true };
  expect(definition?.nodes.get('work@within')).toMatchObject({ kind: 'guard', host: 'work', line: null, on });
  const guards = [...(definition?.nodes.keys() ?? [])].filter((id) => id.includes('@'));
  expect(guards).toHaveLength(2);
  for (const id of guards) expect(id.length).toBeLessThanOrEqual(64);
  expect(definition && definitionDiagram(definition)).not.toContain('@within');
  expect(placesOf(work(`{ tcc: { a: ${ONE} }, within: soon }`))).toEqual(['BAD_DURATION 5:72']);
});
