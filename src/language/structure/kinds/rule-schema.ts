import { z } from 'zod';
import { duration, expression, handlerName, id, literals } from '../parts.js';

const moment = z.iso.datetime({ offset: true, error: 'until' });
const negative = z.string().regex(/^-(0|[1-9][0-9]{0,10})(ms|s|m|h|d)$/, { error: 'duration' });
const window = z
  .strictObject({ from: moment.optional(), to: moment.optional() })
  .meta({ description: 'When it counts; both ends belong to it. Outside it is none, and does not run.' });

export const RELATIONS = ['and', 'any', 'all', 'none', 'always'] as const;
export const LEAVES = ['when', 'flow', 'result', 'none', 'shift', 'use'] as const;

const parts = z.lazy(() => z.array(ruleTree).max(200));

/** One part of a rule tree. That it has exactly one of its first keys is checked where it is built. */
export const ruleTree: z.ZodType = z.lazy(() =>
  z.strictObject({
    and: parts.optional().meta({ description: 'False at the first part that is false, else true if one is true.' }),
    any: parts.optional().meta({ description: 'True at the first part that is true, else false if one is false.' }),
    all: parts.optional().meta({ description: 'Runs all parts: true if one is true, else false if one is false.' }),
    none: z
      .union([handlerName, parts], { error: 'rule-none' })
      .optional()
      .meta({ description: 'Runs all parts, or a handler, and is none.' }),
    always: parts.optional().meta({ description: 'Runs all parts and is true.' }),
    when: expression.optional().meta({ description: 'A condition.' }),
    flow: handlerName.optional().meta({ description: 'A handler that says true or false.' }),
    result: handlerName.optional().meta({ description: 'A handler that gives something, or answers false.' }),
    shift: z
      .union([duration, negative, z.strictObject({ to: moment })], { error: 'rule-shift' })
      .optional()
      .meta({ description: 'Moves the time for all later parts: 16d, -2h or { to: time }.' }),
    use: id.optional().meta({ description: 'A part of `shared`.' }),
    name: z.string().min(1).max(64).optional(),
    with: literals.optional(),
    window: window.optional(),
    forward: ruleTree
      .optional()
      .meta({ description: 'Runs first; when it is false, so is this, which then does not run.' }),
    inverse: z.literal(true, { error: 'true' }).optional().meta({ description: 'Swaps true and false.' }),
    onError: z
      .union([z.literal(true), z.literal(false), z.enum(['stop', 'none', 'park'])], { error: 'rule-error' })
      .optional(),
  }),
);

export const shared = z
  .record(z.string(), ruleTree)
  .meta({ description: 'Parts of rule trees that several trees use, by name.' });
