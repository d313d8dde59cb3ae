import { z } from 'zod';

const version = z.int('expected a whole number').min(1).max(2_147_483_647);
const at = z.string().describe('ISO 8601, UTC.');

export const ActivateBody = z.strictObject({ version });

export const MigrateBody = z.strictObject({
  to: version.describe('The version to go on in.'),
  from: version.describe('Only instances of this version; omitted: of every other one.').optional(),
  instances: z
    .array(z.uuid())
    .min(1)
    .max(200)
    .describe('These alone; omitted: all that are not over, page by page.')
    .optional(),
  dryRun: z.boolean().describe('Only says what would come of it. `false` moves them.').default(true),
  cursor: z.string().min(1).max(500).describe('`next` of the answer before.').optional(),
  limit: z.int().min(1).max(200).describe('Most instances that are looked at.').default(50),
});

export const VersionsView = z.strictObject({
  flow: z.string(),
  starts: z.int().describe('The version that starts get.'),
  activated: z
    .strictObject({ version: z.int(), by: z.string(), at })
    .nullable()
    .describe('Who chose it; null: it is the newest.'),
  versions: z.array(z.strictObject({ version: z.int(), publishedAt: at })).describe('Newest first.'),
});

export const Obstacle = z.strictObject({
  node: z.string().nullable().describe('null: the instance as a whole.'),
  visit: z.int().nullable(),
  code: z.string(),
  message: z.string(),
});

export const MigratedOne = z.strictObject({
  instance: z.string(),
  key: z.string().nullable(),
  from: z.int(),
  outcome: z
    .enum(['moves', 'moved', 'stays', 'busy'])
    .describe('`moves`: it would; `stays`: see its obstacles; `busy`: it never stood still, ask again.'),
  nodes: z
    .array(z.strictObject({ node: z.string(), visit: z.int(), status: z.string() }))
    .describe('What is active in it.'),
  obstacles: z.array(Obstacle),
});

export const MigrationView = z.strictObject({
  flow: z.string(),
  to: z.int(),
  dryRun: z.boolean(),
  items: z.array(MigratedOne),
  next: z.string().nullable().describe('`cursor` of what follows; null at the end.'),
});
