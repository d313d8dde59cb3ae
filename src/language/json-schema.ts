import { z } from 'zod';
import { majorOf } from '../core/definition/custom-kind.js';
import type { JsonObject } from '../core/json.js';
import { triggerFile } from './routing/triggers/trigger-schema.js';
import { type KindFacts, writtenSchema } from './structure/kinds/task/custom/kind-facts.js';
import { customModifiers } from './structure/kinds/task/custom/lower-custom.js';
import { type KindName, modifiersOf, NODE_KINDS, nodeSchema } from './structure/node-kinds.js';
import { ID_PATTERN } from './structure/parts.js';
import { MAX_NODES } from './structure/read-flow.js';
import { longEdge, topKeys } from './structure/schema.js';
import { flowTestFile } from './testing/flow-test-schema.js';

/** `a -> b`, with chains and fans; what follows the colon is the value of the map. */
const ARROWS = /^\s*[A-Za-z][A-Za-z0-9_]*(\s*(&|->)\s*[A-Za-z][A-Za-z0-9_]*)+\s*$/;

/**
 * JSON Schema (draft-07, which editors understand) of `*.flow.yaml`, made of the same schemas that check a definition.
 * It knows the structure; what expressions mean and where edges lead only `readDefinition` knows.
 *
 * @param custom kinds that plugins bring.
 */
export function definitionJsonSchema(custom: readonly KindFacts[] = []): Record<string, unknown> {
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
  const schema = z.toJSONSchema(flow, { target: 'draft-07', io: 'input' });
  const nodes = schema.properties?.['nodes'] as { additionalProperties: { anyOf: unknown[] } };
  nodes.additionalProperties.anyOf.push(...custom.map(customNode));
  return { title: 'Sluice flow', ...schema };
}

/** A node of a kind that a plugin brings: its fields under its name, and what a task takes beside them. */
function customNode(kind: KindFacts): JsonObject {
  const task = z.toJSONSchema(nodeSchema('task'), { target: 'draft-07', io: 'input' }).properties ?? {};
  const taken = customModifiers(modifiersOf('task'), kind).map((name) => [name, task[name]]);
  const { $id: _, $schema: __, ...fields } = writtenSchema(kind);
  const own = { ...fields, ...(kind.docs !== null && { description: kind.docs }) };
  const keys = [kind.name, `${kind.name}@${majorOf(kind.version)}`];
  return {
    type: 'object',
    properties: { ...Object.fromEntries(taken), ...Object.fromEntries(keys.map((key) => [key, own])) },
    oneOf: keys.map((key) => ({ required: [key] })),
    additionalProperties: false,
  };
}

/** The same of `*.triggers.yaml`. */
export function triggersJsonSchema(): Record<string, unknown> {
  return { title: 'Sluice triggers', ...z.toJSONSchema(triggerFile, { target: 'draft-07', io: 'input' }) };
}

/** The same of `*.flow.test.yaml`. */
export function flowTestJsonSchema(): Record<string, unknown> {
  return { title: 'Sluice flow test', ...z.toJSONSchema(flowTestFile, { target: 'draft-07', io: 'input' }) };
}
