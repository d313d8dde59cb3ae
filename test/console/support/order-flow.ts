import type { Definition } from '../../../src/core/definition/definition.js';
import { readDefinition } from '../../../src/language/read-definition.js';

export const ORDER = `flow: order
title: Order
description: What a shop does.
key: input.id
input: { type: object, required: [id], properties: { id: { type: string } } }
nodes:
  begin: { start: true }
  charge: { task: card.charge, title: Charge the card }
  done: { end: success }
edges:
  - begin -> charge -> done
`;

export function orderDefinition(): Definition {
  const { definition, problems } = readDefinition(ORDER, 'order.flow.yaml');
  if (!definition) throw new Error(problems.map(({ message }) => message).join('\n'));
  return { ...definition, version: 1 };
}
