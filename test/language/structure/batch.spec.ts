import { expect, it } from 'vitest';
import { definitionDiagram } from '../../../src/core/diagram/mermaid.js';
import { readDefinition } from '../../../src/language/read-definition.js';
import { flowText, placesOf } from '../flow-text.js';

const work = (node: string): string => flowText({ nodes: `  work: ${node}\n` });

it('reads how many calls are one, and for how long they wait', () => {
  const { definition, problems } = readDefinition(
    work('{ task: x.y, batch: { max: 50, within: 20ms } }'),
    'x.flow.yaml',
  );
  expect(problems).toEqual([]);
  expect(definition?.nodes.get('work')).toMatchObject({ batch: { max: 50, withinMs: 20 } });
  expect(definition && definitionDiagram(definition)).toContain('work, up to 50 at once');
});

it.each([
  ['{ task: x.y, batch: { max: 1, within: 20ms } }', 'OUT_OF_RANGE 5:36'],
  ['{ task: x.y, batch: { max: 1001, within: 20ms } }', 'OUT_OF_RANGE 5:36'],
  ['{ task: x.y, batch: { max: 50 } }', 'MISSING_KEY 5:22'],
  ['{ task: x.y, batch: { max: 50, within: 0s } }', 'OUT_OF_RANGE 5:48'],
  ['{ task: x.y, batch: { max: 50, within: 1s }, timeout: 1s }', 'OUT_OF_RANGE 5:29'],
  ['{ task: x.y, batch: { max: 50, within: 20ms }, remote: true }', 'MODIFIER_NOT_HERE 5:22'],
  ['{ wait: x.y, batch: { max: 50, within: 20ms } }', 'MODIFIER_NOT_HERE 5:22'],
])('%s has %s', (node, problem) => expect(placesOf(work(node))).toEqual([problem]));
