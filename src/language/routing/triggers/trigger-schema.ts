import { z } from 'zod';
import { expression, id, messageName, moment, title, values } from '../../structure/parts.js';

const quota = z
  .strictObject({
    max: z.int().min(1).max(1_000_000_000).meta({ description: 'Most starts, for ever.' }),
    by: expression.optional().meta({ description: 'Counted for each value of it: event.uid.' }),
  })
  .meta({ description: 'How many instances it starts at most.' });
const window = z
  .strictObject({ from: moment.optional(), to: moment.optional() })
  .meta({ description: 'When it counts; both ends belong to it.' });

const trigger = z.strictObject({
  code: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, { error: 'rule-code' })
    .meta({ description: 'Its name, for ever: with another it would start again what it has started.' }),
  title: title.optional(),
  on: messageName.meta({ description: 'The name of the message.', examples: ['cart.item-added'] }),
  when: expression.optional().meta({ description: 'A condition over `event`. Without it: always.' }),
  start: id.meta({ description: 'The flow that is started.' }),
  input: values.optional().meta({ description: 'The input of the instance, name by name. Without it: the message.' }),
  dedupe: expression
    .optional()
    .meta({ description: 'What makes two events the same. Without it: the id of the message.' }),
  quota: quota.optional(),
  window: window.optional(),
});

/** A file of triggers. */
export const triggerFile = z.strictObject({
  triggers: z.array(trigger).max(500).meta({ description: 'Each is asked about every message of its name.' }),
});

/** What may stand where, for the hint after a misspelling. */
export const TRIGGER_KEYS: readonly string[] = [
  ...Object.keys(triggerFile.shape),
  ...Object.keys(trigger.shape),
  'max',
  'by',
  'from',
  'to',
];
