import { expect, it } from 'vitest';
import { flowMap } from '../../../src/console/definitions/flow-map.js';
import { definitionDiagram } from '../../../src/core/diagram/mermaid.js';
import { readDefinition } from '../../../src/language/read-definition.js';

it('names the secrets that nodes are given, in the map and in the drawing', () => {
  const text = `flow: x
nodes:
  begin: { start: true }
  pay: { task: x.pay, in: { a: secret.one, b: secret.two, c: secret.one }, undo: { task: x.no, in: { d: secret.three } } }
  tell: { task: x.tell }
  done: { end: done }
edges:
  - begin -> pay -> tell -> done
`;
  const { definition } = readDefinition(text, 'x.flow.yaml');
  if (!definition) throw new Error('no flow');
  const secrets = flowMap(definition).nodes.map((node) => [node.id, node.secrets]);
  expect(Object.fromEntries(secrets)).toEqual({ begin: [], pay: ['one', 'two', 'three'], tell: [], done: [] });
  const drawing = definitionDiagram(definition);
  expect(drawing).toContain('pay, given secret one, two, three');
  expect(drawing).not.toContain('tell, given');
});
