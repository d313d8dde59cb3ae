import { z } from 'zod';
import { MISSED } from '../../../core/definition/starting/ticks.js';
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

const shape = {
  code: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,63}$/, { error: 'rule-code' })
    .meta({ description: 'Its name, for ever: with another it would start again what it has started.' }),
  title: title.optional(),
  on: messageName.optional().meta({ description: 'The name of the message.', examples: ['cart.item-added'] }),
  cron: z
    .string()
    .min(1)
    .max(200)
    .optional()
    .meta({ description: 'Instead of a message: when it starts by itself.', examples: ['0 9 * * 1-5'] }),
  zone: z
    .string()
    .max(100)
    .optional()
    .meta({ description: 'Whose clocks `cron` goes by. Without it: UTC.', examples: ['Asia/Shanghai'] }),
  missed: z.enum(MISSED).optional().meta({
    description:
      'What becomes of ticks that came while no engine ran: none is started, the last, or all. Without it: once.',
  }),
  when: expression.optional().meta({ description: 'A condition over `event`. Without it: always.' }),
  start: id.optional().meta({ description: 'The flow that is started.' }),
  play: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,62}$/, { error: 'rule-code' })
    .optional()
    .meta({ description: 'Instead of a flow: the code of the play that starts one.' }),
  plays: id.optional().meta({ description: 'Instead of a flow: all live plays of this one start it.' }),
  input: values.optional().meta({ description: 'The input of the instance, name by name. Without it: the event.' }),
  dedupe: expression
    .optional()
    .meta({ description: 'What makes two events the same. Without it: the id of the message.' }),
  quota: quota.optional(),
  window: window.optional(),
} as const;

const trigger = z
  .strictObject(shape)
  .refine(({ on, cron }) => (on === undefined) !== (cron === undefined), { error: 'trigger' })
  .refine(({ start, play, plays }) => [start, play, plays].filter((one) => one !== undefined).length === 1, {
    error: 'trigger-starts',
  })
  .refine(({ play, plays, quota }) => quota === undefined || (play === undefined && plays === undefined), {
    error: 'trigger-quota',
    path: ['quota'],
  })
  .refine(({ cron, zone, missed }) => cron !== undefined || (zone === undefined && missed === undefined), {
    error: 'trigger-clock',
  })
  .refine(({ cron, dedupe }) => cron === undefined || dedupe === undefined, {
    error: 'trigger-dedupe',
    path: ['dedupe'],
  });

/** A file of triggers. */
export const triggerFile = z.strictObject({
  triggers: z.array(trigger).max(500).meta({ description: 'Each is asked about every message of its name.' }),
});

/** What may stand where, for the hint after a misspelling. */
export const TRIGGER_KEYS: readonly string[] = [
  ...Object.keys(triggerFile.shape),
  ...Object.keys(shape),
  'max',
  'by',
  'from',
  'to',
];
