import { z } from 'zod';
import { cancels, times } from './kinds/control.js';
import { shared } from './kinds/rule-schema.js';
import { expression, id, keep, literals, matching, retry, timeout, title, values, variables } from './parts.js';

/** Words of the language at the top of a file that this version does not run. */
export const TOP_TO_COME: readonly string[] = ['deadline', 'onIncident', 'scope', 'merge', 'mutex', 'lane'];

export const defaults = z
  .strictObject({ timeout: timeout.optional(), retry: retry.optional() })
  .meta({ description: 'For the tasks that say nothing else.' });

/** The keys at the top of a file; nodes and edges have schemas of their own. */
export const topKeys = {
  flow: id.meta({ description: 'The id of the flow.' }),
  title: title.optional(),
  description: z.string().max(4_000).optional().meta({ description: 'For the people who keep the flow.' }),
  version: z.int().min(1).max(2_147_483_647).optional().meta({ description: 'Left out: the next number.' }),
  key: expression.optional().meta({ description: 'The business key, an expression over `input`.' }),
  input: literals.optional().meta({ description: 'JSON Schema of the start input.' }),
  play: literals
    .optional()
    .meta({ description: 'JSON Schema of what a play of this flow configures, read as `play`.' }),
  vars: variables.optional().meta({
    description: 'JSON Schema of each variable; `default` is what it starts with. Without it any may be written.',
  }),
  returns: literals.optional().meta({ description: 'JSON Schema of what `output` gives.' }),
  output: values.optional().meta({ description: 'What a flow that calls this one gets, name by name.' }),
  defaults: defaults.optional(),
  shared: shared.optional(),
} as const;

/** What is checked first. Nodes and edges are looked into afterwards, each by its own rules. */
export const flowFile = z.strictObject({
  ...topKeys,
  nodes: z.record(z.string(), z.unknown()),
  edges: z.array(z.unknown()),
});

/** The long form of an edge. */
export const longEdge = z.strictObject({
  from: z.string(),
  to: z.union([z.string(), z.array(z.string()).min(1)], { error: 'to' }),
  when: z.union([z.string(), z.boolean()]).optional(),
  else: z.literal(true, { error: 'true' }).optional(),
  event: z.string().optional().meta({ description: 'on error CODE*, on timeout, on exhausted or on message NAME' }),
  match: matching.optional(),
  keep: keep.optional(),
  after: timeout
    .optional()
    .meta({ description: 'With on timeout: so long after the node was entered, whatever its own timeout is.' }),
  interrupts: z.boolean().optional().meta({
    description: 'false: the node goes on, and the edge is taken beside it. Default true: the node is withdrawn.',
  }),
  cancels: cancels.optional(),
  times: times.optional(),
  label: title.optional(),
});
