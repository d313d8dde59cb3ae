import { z } from 'zod';
import { counted, FlowPath, InstancePath, node, PageQuery } from '../requests.js';

/** What clients tell and ask the router. The OpenAPI document is made from these very schemas. */

const flow = FlowPath.shape.flow;
const code = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,63}$/, 'expected a code: a small letter, then at most 63 small letters, digits or -');
const reason = z.string().min(1).max(500);
const attempt = z.int().min(1).max(1_000_000);
export const lane = z.string().min(1).max(64);

const match = z.strictObject({
  flow: flow.optional(),
  node: node.optional(),
  handler: z.string().min(1).max(200).optional(),
  tag: z.string().min(1).max(64).optional(),
  subject: z.string().min(1).max(300).describe('This subject, or one below it.').optional(),
  dims: z
    .record(z.string().min(1).max(100), z.union([z.string(), z.number(), z.boolean()]))
    .describe('Values of dimensions, by name.')
    .optional(),
  attemptFrom: attempt.optional(),
  attemptTo: attempt.optional(),
});

export const OverrideBody = z.strictObject({
  code: code.describe('One of the same code is replaced. Omitted: one is made.').optional(),
  match: match.describe('All of it must hold; omitted: every message.').optional(),
  lane: lane.describe('They go to this lane.').optional(),
  hold: z.literal(true).describe('Nothing is sent.').optional(),
  ignoreCircuit: z.literal(true).describe('They go although a circuit is not closed.').optional(),
  circuit: z
    .enum(['open', 'closed'])
    .describe('What the circuit of the subject in `match` is taken for; without one, all circuits.')
    .optional(),
  freeze: z.literal(true).describe('The subject in `match` is taken for what it is now.').optional(),
  until: z.iso
    .datetime({ offset: true, error: 'expected a time with its zone' })
    .describe('When it ends, at most 24 hours ahead; omitted: in an hour.')
    .optional(),
  reason,
});

export const ReasonBody = z.strictObject({ reason: reason.describe('For the change log.').optional() });
export const OverridePath = z.strictObject({ code });

export const RulesBody = z.strictObject({
  source: z.string().min(1).describe('The YAML: `rules:` alone.'),
  note: reason.describe('Why, for the change log.').optional(),
});
export const RulesPath = z.strictObject({ version: counted(2_147_483_647) });

export const DelaysQuery = z.strictObject({ flow: flow.optional(), lane: lane.optional(), ...PageQuery.shape });

export const RescheduleBody = z.strictObject({
  visit: z.int().min(1).describe('Omitted: the newest.').optional(),
  dispatch: z.int().min(1).describe('Only if this is still the one that waits; omitted: whichever does.').optional(),
  dueAt: z.iso
    .datetime({ offset: true, error: 'expected a time with its zone' })
    .describe('When it is to go, at most a year ahead; omitted: now.')
    .optional(),
});

export const CancelDelayBody = z.strictObject({
  ...RescheduleBody.omit({ dueAt: true }).shape,
  reason: reason.describe('Why, for everyone who asks; it stands in the incident.'),
});

const CAUSES = ['entered', 'retry', 'poll', 'timer', 'operator', 'deferred', 'hastened'] as const;

export const ExplainBody = z
  .strictObject({
    instance: InstancePath.shape.id.describe('Of a message that is there; then `node` names it.').optional(),
    node: node.optional(),
    visit: z.int().min(1).describe('Omitted: the newest.').optional(),
    flow: flow.describe('Of a message that could be. What is left out is taken from the definition.').optional(),
    handler: z.string().min(1).max(200).optional(),
    kind: z.enum(['task', 'timer']).optional(),
    cause: z.enum(CAUSES).optional(),
    attempt: attempt.optional(),
    polls: z.int().min(0).max(1_000_000).optional(),
    delayMs: z.number().min(0).max(31_536_000_000).optional(),
    tags: z.array(z.string().min(1).max(64)).max(100).optional(),
    dims: match.shape.dims,
    subject: z.string().min(1).max(300).optional(),
    source: z.string().min(1).describe('A draft of rules, in the place of those that are published.').optional(),
  })
  .refine(({ instance, flow: named, node: at }) => (instance === undefined ? named : at) !== undefined, {
    error: 'expected an instance and a node, or a flow',
  });

export const ReplayBody = z.strictObject({
  source: z.string().min(1).describe('A draft of rules, in the place of those that are published.'),
  last: z.int().min(1).max(1_000).default(1_000).describe('How many decisions.'),
});
