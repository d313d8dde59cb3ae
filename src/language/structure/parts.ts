import { z } from 'zod';
import { DURATION_PATTERN, parseDuration } from './duration.js';

/** What flows, nodes and variables may be called. */
export const ID_PATTERN = /^[A-Za-z][A-Za-z0-9_]{0,63}$/;
/** What a handler may be called: ids joined by dots. */
const HANDLER_PATTERN = /^[A-Za-z][A-Za-z0-9_-]{0,63}(\.[A-Za-z0-9_-]{1,64}){0,7}$/;
const OUTCOME_PATTERN = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
/** What a handler can fail with. */
const FAILURE_PATTERN = /^[A-Z][A-Z0-9_]{0,63}$/;
const VALUE_NAME = /^[A-Za-z_][A-Za-z0-9_]{0,63}$/;
const MAX_TITLE = 200;

/** Messages in the schemas are keys of the table in `issues.ts`, which writes the sentences. */
export const id = z.string().regex(ID_PATTERN, { error: 'id' });

export const duration = z
  .string({ error: 'duration' })
  .regex(DURATION_PATTERN, { error: 'duration' })
  .refine((text) => !DURATION_PATTERN.test(text) || parseDuration(text) !== null, { error: 'duration-too-long' })
  .meta({ description: 'A duration of at most 365 days.', examples: ['500ms', '30s', '5m', '2h', '1d'] });

const positiveDuration = duration.refine((text) => parseDuration(text) !== 0, { error: 'duration-zero' });

/** A time with its zone. */
export const moment = z.iso.datetime({ offset: true, error: 'until' });

export const handlerName = z
  .string()
  .max(200)
  .regex(HANDLER_PATTERN, { error: 'handler' })
  .meta({ description: 'The name of the handler that does the work.', examples: ['payment.disburse'] });

export const messageName = z
  .string()
  .max(200)
  .regex(HANDLER_PATTERN, { error: 'message' })
  .meta({ description: 'The name of the message that it waits for.', examples: ['bank.callback'] });

export const outcome = z.string().regex(OUTCOME_PATTERN, { error: 'outcome' });

export const failureCode = z.string().regex(FAILURE_PATTERN, { error: 'failure' });

export const title = z.string().min(1).max(MAX_TITLE).meta({ description: 'What people read instead of the id.' });

export const expression = z.string().meta({
  description: 'An expression; a text in it is quoted once more: "\'PAID\'".',
  examples: ['input.amount >= 100'],
});

/** An expression, a literal, or a list or map of them. */
export const values = z.record(z.string().regex(VALUE_NAME, { error: 'name' }), z.unknown());

/** Names of members in a message. */
export const matching = z
  .record(z.string().min(1).max(200), z.unknown())
  .meta({ description: 'Members of the message, and what each must be equal to. Without it the name decides alone.' });

export const literals = z.record(z.string(), z.unknown());

/** Variables by name, each with a JSON Schema; its `default` is what it starts with. */
export const variables = z.record(z.string().regex(VALUE_NAME, { error: 'name' }), literals);

const backoff = z
  .strictObject({
    base: positiveDuration.meta({ description: 'The first delay.' }),
    factor: z.number().min(1).max(10).default(2).meta({ description: 'What each further delay is multiplied by.' }),
    cap: positiveDuration.meta({ description: 'No delay is longer.' }),
    jitter: z.number().min(0).max(1).default(0).meta({ description: 'The share of a delay that is spread.' }),
  })
  .refine((it) => (parseDuration(it.base) ?? 0) <= (parseDuration(it.cap) ?? 0), {
    error: 'backoff-cap',
    path: ['cap'],
  });

export const retry = z
  .strictObject({
    local: z
      .array(duration)
      .max(10)
      .optional()
      .meta({ description: 'Delays that pass inside a delivery and cost no attempt.' }),
    remote: z
      .array(duration)
      .min(1)
      .max(50)
      .optional()
      .meta({ description: 'Delays between attempts; the last repeats.' }),
    max: z.int().min(0).max(1_000).optional().meta({ description: 'Most remote retries.' }),
    backoff: backoff.optional().meta({ description: 'Computed remote delays instead of a list.' }),
  })
  .refine((it) => it.remote === undefined || it.backoff === undefined, {
    error: 'backoff-and-remote',
    path: ['backoff'],
  })
  .meta({ description: 'What happens after a failed attempt.' });

export const timeout = positiveDuration.meta({
  description: 'The longest that one attempt of a task may take, or that a wait or a manual node waits.',
});

export const keep = duration.meta({
  description: 'How old a message may be that came before the wait. Without it: as old as messages are kept.',
});

export const circuit = z
  .strictObject({
    by: expression
      .optional()
      .meta({ description: 'Whose health counts: a bank, a channel. Its values are watched apart.' }),
    fallback: values.optional().meta({
      description: 'What the node gives while its circuit keeps it back, name by name. Without it: it waits.',
    }),
  })
  .refine((it) => it.by !== undefined || it.fallback !== undefined, { error: 'circuit' })
  .meta({
    description:
      'By what the health of the handler is kept apart (without it: the handler as a whole), and what is given instead.',
  });

const counted = expression.meta({
  description: 'Counted apart by a value: a bank, a channel. Without it: all together.',
});

export const limit = z
  .strictObject({ max: z.int().min(1).max(100_000), by: counted.optional() })
  .meta({ description: 'How many attempts run at once, in all engines together. What is too many waits, at no cost.' });

export const rate = z
  .strictObject({ max: z.int().min(1).max(1_000_000), per: positiveDuration, by: counted.optional() })
  .meta({
    description: 'How many attempts begin in a time, in all engines together. What is too many waits, at no cost.',
  });

export const cache = z
  .strictObject({
    ttl: positiveDuration.meta({ description: 'How long an answer is given again.' }),
    key: expression.optional().meta({ description: 'What makes calls equal. Without it: all that the handler gets.' }),
  })
  .meta({ description: 'Equal calls in one engine are one call. For handlers that only read.' });

export const batch = z
  .strictObject({
    max: z.int().min(2).max(1_000).meta({ description: 'Most calls in one.' }),
    within: positiveDuration.meta({ description: 'How long the first waits for others; shorter than the timeout.' }),
  })
  .meta({ description: 'Calls that come within a short time in one engine are one call of a batch handler.' });

/** When the first attempt of a task waits. */
export const delay = z
  .union(
    [
      duration,
      z
        .strictObject({
          when: expression
            .optional()
            .meta({ description: 'Asked once, when the node is entered. Without it: always.' }),
          for: expression.optional().meta({ description: 'How long: a duration, or an expression that gives one.' }),
          until: expression.optional().meta({ description: 'The moment, as an ISO date with its zone.' }),
          max: positiveDuration.optional().meta({ description: 'It waits no longer, whatever the moment is.' }),
        })
        .refine((it) => (it.for === undefined) !== (it.until === undefined), { error: 'delay-length' }),
    ],
    { error: 'delay' },
  )
  .meta({ description: 'The first attempt waits, and that costs none: no message is retried for it.' });

/** `join` on a node, or as a node of its own. */
export const join = z
  .union(
    [z.enum(['all', 'taken', 'each']), z.int().min(1).max(100), z.strictObject({ arrivals: z.int().min(2).max(100) })],
    { error: 'join' },
  )
  .meta({ description: 'When a node with several incoming edges is entered.' });
