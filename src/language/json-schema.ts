import { z } from 'zod';
import { triggerFile } from './routing/triggers/trigger-schema.js';
import { type KindName, NODE_KINDS, nodeSchema } from './structure/node-kinds.js';
import { ID_PATTERN } from './structure/parts.js';
import { MAX_NODES } from './structure/read-flow.js';
import { longEdge, topKeys } from './structure/schema.js';
import { flowTestFile } from './testing/flow-test-schema.js';

/** `a -> b`, with chains and fans; what follows the colon is the value of the map. */
const ARROWS = /^\s*[A-Za-z][A-Za-z0-9_]*(\s*(&|->)\s*[A-Za-z][A-Za-z0-9_]*)+\s*$/;

/**
 * JSON Schema (draft-07, which editors understand) of `*.flow.yaml`, made of the same schemas that check a definition.
 * It knows the structure; what expressions mean and where edges lead only `readDefinition` knows.
 */
export function definitionJsonSchema(): Record<string, unknown> {
  const kinds = Object.keys(NODE_KINDS) as KindName[];
  const node = z.union(kinds.map(nodeSchema)).meta({ description: 'A node; one key says its kind.' });
  const arrows = z.string().regex(ARROWS);
  const condition = z
    .union([z.string().min(1), z.boolean()])
    .meta({ description: 'A condition, else, on error CODE*, on timeout, on exhausted or on message NAME.' });
  const edge = z
    .union([arrows, longEdge, z.record(arrows, condition)])
    .meta({ description: 'a -> b, a -> b & c, or a -> b: condition' });
  const flow = z.strictObject({
    ...topKeys,
    nodes: z.record(z.string().regex(ID_PATTERN), node).meta({ description: `At most ${MAX_NODES} nodes, by id.` }),
    edges: z.array(edge).meta({ description: 'Tried in this order; `else` last, wherever it stands.' }),
  });
  return { title: 'Sluice flow', ...z.toJSONSchema(flow, { target: 'draft-07', io: 'input' }) };
}

/** The same of `*.triggers.yaml`. */
export function triggersJsonSchema(): Record<string, unknown> {
  return { title: 'Sluice triggers', ...z.toJSONSchema(triggerFile, { target: 'draft-07', io: 'input' }) };
}

/** The same of `*.flow.test.yaml`. */
export function flowTestJsonSchema(): Record<string, unknown> {
  return { title: 'Sluice flow test', ...z.toJSONSchema(flowTestFile, { target: 'draft-07', io: 'input' }) };
}
