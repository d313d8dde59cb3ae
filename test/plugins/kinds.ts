import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeType } from '../../src/worker/plugins/node-type.js';
import { NodeTypes } from '../../src/worker/plugins/node-types.js';

export const EXAMPLES = join(import.meta.dirname, '../../docs/examples');
export const example = (name: string): string => readFileSync(join(EXAMPLES, name), 'utf8');

/** A kind with nothing but what it must have, and what a test is about. */
export const kind = (more: Partial<NodeType> = {}): NodeType => ({
  name: 'acme.score',
  version: '1.0.0',
  execute: () => null,
  ...more,
});

export const typesOf = (...types: readonly unknown[]): NodeTypes =>
  NodeTypes.of(types.map((type, index) => ({ place: `${index}.plugin.mjs`, types: [type] })));

/** A flow of one node, written in one line. */
export const flowOf = (node: string, head = ''): string => `flow: example
${head}nodes:
  begin: { start: true }
  work: ${node}
  done: { end: success }
edges:
  - begin -> work -> done
`;
