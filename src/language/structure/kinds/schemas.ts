import { z } from 'zod';
import { MERGE_NAMES } from '../../../core/definition/control/merge.js';
import { EACH_ITEMS } from '../../../core/definition/work/each.js';
import { duration, expression, handlerName, id, keep, literals, matching, messageName, values } from '../parts.js';

const armName = z.string().regex(/^[A-Za-z][A-Za-z0-9_-]{0,63}$/, { error: 'arm' });

/** Arms by name, with their weights. */
export const split = z.record(armName, z.number().positive().max(1_000_000));

export const by = expression.meta({ description: 'What is told apart, the same way every time: input.uid.' });
export const salt = z
  .string()
  .min(1)
  .max(200)
  .meta({ description: 'Equal salts give equal arms. Default: flow and node.' });
export const holdout = z.number().min(0).max(100).meta({ description: 'Percent that get no arm.' });
export const force = z
  .record(z.string(), armName)
  .meta({ description: 'The arms of testers, by what they are told apart by.' });

const goto = z.strictObject({ to: z.string(), when: expression });

/** A handler, or a kind of node that a plugin brings: `acme.score@1`. */
const asked = z.union(
  [
    handlerName,
    z
      .string()
      .max(128)
      .regex(/^[a-z][a-z0-9.-]*@\d{1,4}$/, { error: 'handler' }),
  ],
  {
    error: 'handler',
  },
);
const asks = z.union([asked, z.array(asked).min(1).max(20)], { error: 'do' });
const branch = z.strictObject({
  context: handlerName.optional().meta({ description: 'The handler that gives the context that it begins with.' }),
  do: asks,
  with: literals.optional(),
});

/** Steps in their order. */
export const sequence = z
  .array(
    z.strictObject({
      name: id,
      do: asks.optional().meta({ description: 'Handlers that are asked one after the other.' }),
      parallel: z
        .record(id, z.union([asks, branch], { error: 'branch' }))
        .optional()
        .meta({
          description: 'Branches by name, at the same time, each with a copy of the context: { context, do, with }.',
        }),
      merge: z
        .union([handlerName, z.record(z.string(), z.enum(MERGE_NAMES))], { error: 'step-merge' })
        .optional()
        .meta({ description: 'How members that several branches change become one, or the handler that does it.' }),
      with: literals.optional(),
      goto: z.union([goto, z.array(goto).min(1).max(20)], { error: 'goto' }).optional(),
      checkpoint: z.literal(true, { error: 'true' }).optional(),
    }),
  )
  .min(1)
  .max(50);

export const jumps = z.int().min(1).max(1_000).meta({ description: 'Most jumps in one run. Default 10.' });

const shortEach = [z.string().min(1), z.int().min(0).max(EACH_ITEMS), z.array(z.unknown()).max(EACH_ITEMS)] as const;

/** How items are added while others run. */
const more = z
  .strictObject({
    message: messageName.meta({ description: 'The name of the message that brings items.' }),
    match: matching.optional(),
    keep: keep.optional(),
    items: expression.optional().meta({
      description: 'The list in a message, which is `result`: result.names. Without it a message is one item.',
    }),
    last: expression
      .optional()
      .meta({ description: 'After this no more come: result.complete == true. Without it: when no item is left.' }),
  })
  .meta({ description: 'More items may come by message while the node runs.' });

/** The long form of `each`. */
const eachMap = z.strictObject({
  in: z
    .union(shortEach, { error: 'each-in' })
    .meta({ description: 'The list, or a whole number n for the items 1 to n.' }),
  as: id.optional().meta({ description: 'What an item is called in `in`. Default item.' }),
  parallel: z.int().min(1).max(256).optional().meta({ description: 'Most items under way at a time. Default 10.' }),
  limit: z.int().min(1).max(EACH_ITEMS).optional().meta({ description: 'Most items of a list. Default 1,000.' }),
  until: z
    .union([z.int().min(1).max(EACH_ITEMS), z.string().min(1)], { error: 'until-items' })
    .optional()
    .meta({ description: 'How many must be done, or a condition like each.yes >= 2. Without it: all.' }),
  rest: z
    .enum(['cancel', 'ignore'])
    .optional()
    .meta({ description: 'What becomes of the others then. Default cancel.' }),
  onError: z
    .enum(['fail', 'continue'])
    .optional()
    .meta({ description: 'An item that failed for good fails the node, or is counted. Default fail.' }),
  collect: z.boolean().optional().meta({ description: 'Whether the output lists what every item gave. Default true.' }),
  more: more.optional(),
});

/** One node instance for each item of a list. */
export const each = z
  .union([...shortEach, eachMap], { error: 'each' })
  .meta({ description: 'Does it once for each item of a list, many at a time: input.items, or { in, parallel, … }.' });

export const EACH_KEYS = Object.keys(eachMap.shape);
export const MORE_KEYS = Object.keys(more.shape);

const participant = z.strictObject({
  try: handlerName.meta({ description: 'Reserves; nothing of it is done yet.' }),
  confirm: handlerName.meta({ description: 'Makes what was reserved final. It is tried until it succeeds.' }),
  cancel: handlerName.meta({ description: 'Gives back what was reserved. It is tried until it succeeds.' }),
  in: values.optional().meta({ description: 'What all three get. Without it: the whole scope.' }),
});

/** Participants by name. */
export const tcc = z
  .record(id, participant)
  .refine((it) => Object.keys(it).length >= 1 && Object.keys(it).length <= 16, { error: 'participants' });

export const order = z.enum(['parallel', 'sequence'], { error: 'order' }).meta({
  description: 'Whether participants try at once (parallel, the default), or each after the one before (sequence).',
});

export const within = duration.meta({
  description:
    'How long all participants may try together; then they are cancelled. Without it: as long as attempts take.',
});

/** How a task is undone, or a call. */
export const undo = z
  .union(
    [
      handlerName,
      z.strictObject({ task: handlerName, in: values.optional() }),
      z.strictObject({ call: id, in: values.optional() }),
    ],
    { error: 'undo' },
  )
  .meta({
    description:
      'The handler that undoes a task, or the flow that undoes a call, when a `compensate` asks for it: payment.reverse, { task, in } or { call, in }.',
  });
