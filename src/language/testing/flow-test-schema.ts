import { z } from 'zod';
import { SHORTEST_SECRET } from '../../core/safe/mask.js';
import { SECRET_NAME } from '../../core/safe/secret-use.js';
import { duration, literals, messageName } from '../structure/parts.js';

const count = z.int().min(0).max(1_000_000);
const ids = z.array(z.string().min(1)).max(10_000);
const counts = z.record(z.string(), count);
const lane = z.enum(['fast', 'normal', 'slow', 'retry', 'probe']);
const moment = z.iso.datetime({ offset: true, error: 'until' });

const expectation = z.strictObject({
  status: z.enum(['completed', 'failed', 'cancelled', 'incident']).optional(),
  outcome: z.string().min(1).optional(),
  starts: z.boolean().optional(),
  input: literals.optional(),
  path: ids.optional(),
  through: ids.optional(),
  never: ids.optional(),
  attempts: counts.optional(),
  visits: counts.optional(),
  polls: counts.optional(),
  vars: literals.optional(),
  outputs: literals.optional(),
  calls: z.record(z.string(), z.union([count, z.array(z.unknown())], { error: 'calls' })).optional(),
  lanes: z.record(z.string(), z.array(lane)).optional(),
  degraded: ids.optional(),
  incidents: z.record(z.string(), z.string()).optional(),
  took: z
    .union([duration, z.strictObject({ atLeast: duration.optional(), atMost: duration.optional() })], { error: 'took' })
    .optional(),
});

const act = z
  .strictObject({
    after: duration,
    retry: z.string().min(1).optional(),
    cancel: z.literal(true, { error: 'true' }).optional(),
    send: messageName.optional(),
    payload: literals.optional(),
    complete: z.string().min(1).optional(),
    output: literals.optional(),
  })
  .refine((it) => [it.retry, it.cancel, it.send, it.complete].filter((one) => one !== undefined).length === 1, {
    error: 'act',
  });

/** By subject, how long its circuit is open. */
const circuits = z.record(z.string().min(1).max(300), duration);

/** By name, what tasks are given. */
const secrets = z.record(z.string().regex(SECRET_NAME, { error: 'id' }), z.string().min(SHORTEST_SECRET).max(10_000));

const testCase = z.strictObject({
  now: moment.optional(),
  input: literals.optional(),
  play: literals.optional(),
  trigger: z.string().min(1).max(64).optional(),
  event: literals.optional(),
  mocks: literals.optional(),
  circuits: circuits.optional(),
  secrets: secrets.optional(),
  acts: z.array(act).max(100).optional(),
  expect: expectation,
});

/** A file of flow tests. */
export const flowTestFile = z.strictObject({
  flow: z.string().min(1).max(500).optional(),
  now: moment.optional(),
  input: literals.optional(),
  play: literals.optional(),
  mocks: literals.optional(),
  circuits: circuits.optional(),
  secrets: secrets.optional(),
  coverage: z.int().min(0).max(100).optional(),
  cases: z.record(z.string(), testCase),
});

/** What may stand where, for the hint after a misspelling. */
export const FLOW_TEST_KEYS: readonly string[] = [
  ...Object.keys(flowTestFile.shape),
  ...Object.keys(testCase.shape),
  ...Object.keys(act.shape),
  ...Object.keys(expectation.shape),
  'atLeast',
  'atMost',
];

export type WrittenFlowTest = z.output<typeof flowTestFile>;
export type WrittenCase = z.output<typeof testCase>;
