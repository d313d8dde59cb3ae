import { z } from 'zod';

/** A kind of node that a plugin brings. */
export const KindRow = z.strictObject({
  name: z.string().describe('`acme.reserve`'),
  version: z.string(),
  description: z.string().nullable(),
  shape: z.string().describe('How it is drawn.'),
  undoes: z.boolean().describe('It can be undone.'),
  traits: z.strictObject({
    retryable: z.boolean(),
    idempotent: z.boolean(),
    pure: z.boolean(),
    inline: z.boolean(),
    remote: z.boolean(),
    lease: z.boolean(),
    timeoutMs: z.int().nullable(),
  }),
  schema: z.record(z.string(), z.unknown()).describe('JSON Schema of its fields.'),
});

/** Kinds of node, and the plugins that are not used. */
export const KindsView = z.strictObject({
  kinds: KindRow.array(),
  refused: z.array(
    z.strictObject({
      place: z.string().describe('Its file, or where it was registered.'),
      names: z.string().array().describe('The kinds that it would have brought.'),
      reason: z.string(),
    }),
  ),
});
