import { z } from 'zod';
import { counted, VersionQuery } from '../../requests.js';

export const FunnelQuery = z.strictObject({
  ...VersionQuery.shape,
  last: counted(200).default(100).describe('How many of the newest instances of the flow are looked at: 1 to 200.'),
});

const many = z.int().min(0);

export const FunnelView = z.strictObject({
  flow: z.string(),
  version: z.int(),
  instances: many.describe('So many of those that were looked at are of this version.'),
  nodes: z
    .array(
      z.strictObject({
        node: z.string(),
        entered: many.describe('Instances that came to it.'),
        passed: many.describe('Of these, went on from it.'),
        stands: many.describe('Of these, are there now.'),
        incidents: many.describe('Of these, stand there as an incident.'),
      }),
    )
    .describe('In the order of the definition.'),
  edges: z.array(z.strictObject({ from: z.string(), to: z.string(), taken: many.describe('Instances that took it.') })),
});
