import { z } from 'zod';

/** What clients send. The OpenAPI document is made from these very schemas. */

const flow = z
  .string()
  .regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'expected the id of a flow: a letter, then at most 63 letters, digits or _');
export const node = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'expected the id of a node');
const instance = z
  .string()
  .regex(
    /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/,
    'expected the id of an instance: a UUID in lower case',
  );
const version = z.int('expected a whole number').min(1).max(2_147_483_647);
/** A number in a query string. */
export const counted = (most: number) =>
  z
    .string()
    .regex(/^[1-9]\d{0,9}$/, 'expected a whole number from 1')
    .transform(Number)
    .pipe(z.number().max(most));

export const STATUSES = ['running', 'paused', 'incident', 'compensating', 'completed', 'failed', 'cancelled'] as const;

const page = {
  cursor: z.string().min(1).max(500).describe('`next` of the page before.').optional(),
  limit: counted(200).default(50).describe('1 to 200.'),
};

export const FlowPath = z.strictObject({ flow });
export const InstancePath = z.strictObject({ id: instance });
export const NodePath = z.strictObject({ id: instance, node });
export const VisitQuery = z.strictObject({
  visit: counted(2_147_483_647).describe('Omitted: the newest.').optional(),
});
export const VersionQuery = z.strictObject({
  version: counted(2_147_483_647).describe('Omitted: the one that starts get.').optional(),
});
export const DiffQuery = z.strictObject({
  from: counted(2_147_483_647),
  to: counted(2_147_483_647).describe('Omitted: the newest.').optional(),
});
export const PageQuery = z.strictObject(page);
export const NoQuery = z.strictObject({});

export const InstancesQuery = z.strictObject({
  flow: flow.optional(),
  play: z.string().min(1).max(64).describe('The play that started it.').optional(),
  status: z.enum(STATUSES).optional(),
  key: z.string().min(1).max(190).describe('What the business key begins with.').optional(),
  ...page,
});

export const StartBody = z.strictObject({
  flow,
  version: version.describe('Omitted: the newest, or the one that was activated.').optional(),
  key: z.string().min(1).max(190).describe('Business key; omitted: the one that the definition computes.').optional(),
  input: z.record(z.string(), z.unknown()).describe("What the flow's input schema asks for.").default({}),
});

export const MessageBody = z.strictObject({
  name: z.string().min(1).max(200).describe('What a `wait` names, for example `bank.callback`.'),
  payload: z.record(z.string(), z.unknown()).describe('What the wait compares and hands on.').default({}),
  ttlSeconds: z
    .int()
    .min(1)
    .max(30 * 86_400)
    .describe('How long it is kept for somebody to wait for it. Omitted: one day.')
    .optional(),
});

export const RetryBody = z.strictObject({
  node: node.describe('Omitted: every incident of the instance.').optional(),
  visit: z.int().min(1).describe('Omitted: the newest visit that is an incident.').optional(),
});

export const ItemsBody = z.strictObject({
  node: node.describe('A node with `each` that takes more items.'),
  visit: z.int().min(1).describe('Omitted: the newest.').optional(),
  items: z.array(z.unknown()).max(10_000).describe('Added behind those that there are.').default([]),
  last: z.boolean().describe('No more are to come after these.').default(false),
  seen: z
    .int()
    .min(0)
    .describe('How many items there were: with others by now nothing is added, so that the same may be sent again.')
    .optional(),
});

/** Of what is asked for by its path alone. */
export const EmptyBody = z.strictObject({});

export const QuarantinePath = z.strictObject({
  id: z.string().regex(/^[0-9a-f-]{1,36}$/, 'expected the id of a kept message'),
});
export const QuarantineQuery = z.strictObject({
  state: z.enum(['open', 'replayed', 'discarded']).default('open').describe('What became of them.'),
  ...page,
});

export const PublishBody = z.strictObject({
  source: z.string().min(1).describe('The YAML.'),
  version: version.describe('Omitted: the next one.').optional(),
});

export const CheckBody = z.strictObject({ source: PublishBody.shape.source });

const topic = /^(instances|instance:[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})$/;
export const EventsQuery = z.strictObject({
  topics: z
    .string()
    .max(1_000)
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(z.string().regex(topic, 'expected `instances` or `instance:ID`')).min(1).max(20))
    .describe('Up to 20, with commas: `instances` (the newest 50), `instance:ID` (one with its nodes).'),
});

/** The identity of a start: the same one again answers with the instance that is there. */
export const Receipt = z
  .string()
  .regex(/^[\x21-\x7e]{1,190}$/, 'expected 1 to 190 visible ASCII characters')
  .describe('Identity of this start, remembered for 30 days: sent again, it answers with the same instance.');
