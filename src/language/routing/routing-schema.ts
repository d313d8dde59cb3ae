import { z } from 'zod';
import { isBuiltIn, isLaneName } from '../../core/routing/lane.js';
import { duration, handlerName, id, rate } from '../structure/parts.js';

const code = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, { error: 'rule-code' });
const reason = z.string().min(1).max(500);
/** Where rules may send: a built-in lane but that of circuits, or one of any other name. */
const lane = z.string().refine((name) => isLaneName(name) && name !== 'probe', { error: 'lane' });
const ownLane = z.string().refine((name) => isLaneName(name) && !isBuiltIn(name), { error: 'own-lane' });
const laneOptions = z.strictObject({ concurrency: z.int().min(1).max(1_000).optional() });
const attempt = z.int().min(1).max(1_000_000);

const match = z.strictObject({
  flow: id.optional(),
  node: id.optional(),
  handler: handlerName.optional(),
  tag: z.string().min(1).max(64).optional(),
  subject: z.string().min(1).max(300).optional(),
  dims: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
  attemptFrom: attempt.optional(),
  attemptTo: attempt.optional(),
});

const rule = z.strictObject({
  code,
  match: match.optional(),
  lane: lane.optional(),
  delay: duration.optional(),
  limit: z.int().min(1).max(100_000).optional(),
  rate: rate.omit({ by: true }).optional(),
  retryShare: z.number().min(0).max(1).optional(),
  reason,
});
const override = z.strictObject({
  code,
  match: match.optional(),
  lane: lane.optional(),
  hold: z.literal(true, { error: 'true' }).optional(),
  ignoreCircuit: z.literal(true, { error: 'true' }).optional(),
  circuit: z.enum(['open', 'closed']).optional(),
  freeze: z.literal(true, { error: 'true' }).optional(),
  until: z.iso.datetime({ offset: true, error: 'until' }),
  reason,
});

/** A file of routing rules. */
export const routingFile = z.strictObject({
  lanes: z.record(ownLane, laneOptions).optional(),
  rules: z.array(rule).max(500).optional(),
  overrides: z.array(override).max(100).optional(),
});

/** What may stand where, for the hint after a misspelling. */
export const ROUTING_KEYS: readonly string[] = [
  ...Object.keys(routingFile.shape),
  ...Object.keys(rule.shape),
  ...Object.keys(override.shape),
  ...Object.keys(match.shape),
  ...Object.keys(laneOptions.shape),
  ...Object.keys(rate.shape),
];

export type WrittenRouting = z.output<typeof routingFile>;
export type WrittenMatch = z.output<typeof match>;
