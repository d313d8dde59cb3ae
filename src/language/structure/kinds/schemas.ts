import { z } from 'zod';
import { expression, handlerName, id, literals } from '../parts.js';

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

/** Steps in their order. */
export const sequence = z
  .array(
    z.strictObject({
      name: id,
      do: z.union([handlerName, z.array(handlerName).min(1).max(20)], { error: 'do' }),
      with: literals.optional(),
      goto: z.union([goto, z.array(goto).min(1).max(20)], { error: 'goto' }).optional(),
      checkpoint: z.literal(true, { error: 'true' }).optional(),
    }),
  )
  .min(1)
  .max(50);

export const jumps = z.int().min(1).max(1_000).meta({ description: 'Most jumps in one run. Default 10.' });
