import { z } from 'zod';
import type { Routable } from '../../core/routing/opinion.js';
import type { Route } from '../../core/routing/route.js';
import type { Replayed } from '../../engine/health/orders/replay-decisions.js';
import { OpinionView, opinionRow } from './routing-views.js';

export const ExplainView = z.strictObject({
  message: z
    .strictObject({
      kind: z.enum(['task', 'timer']),
      cause: z.string(),
      flow: z.string(),
      node: z.string(),
      handler: z.string().nullable(),
      attempt: z.int(),
      polls: z.int(),
      delayMs: z.number(),
      tags: z.array(z.string()),
      subject: z.string().nullable().describe('Whose health would count.'),
      degrades: z.boolean().describe('Its node has a fallback for a circuit that is open.'),
    })
    .describe('What was decided about, with what was left out filled in.'),
  action: z.enum(['publish', 'defer', 'hold', 'fallback']),
  lane: z.string(),
  delayMs: z.number(),
  code: z.string().describe('Who decides.'),
  reason: z.string().describe('In one sentence.'),
  rules: z.string().nullable().describe('The version of the rules in force; null: there are none, or it was a draft.'),
  opinions: z.array(OpinionView),
});

export const ReplayView = z.strictObject({
  looked: z.int().describe('Decisions that were looked at: the latest of each node of the newest instances.'),
  moved: z.array(
    z.strictObject({
      from: z.string(),
      to: z.string(),
      count: z.int(),
      samples: z.array(
        z.strictObject({
          instance: z.string(),
          flow: z.string(),
          node: z.string(),
          visit: z.int(),
          reason: z.string().describe('Why it would go there.'),
        }),
      ),
    }),
  ),
  later: z.int().describe('Of how many a rule would ask a longer delay.'),
  sooner: z.int().describe('Or a shorter one.'),
});

export function explainView(
  message: Routable,
  { action, lane, delayMs, code, reason, trace }: Route,
  rules: string | null,
): z.output<typeof ExplainView> {
  const { id: _, tags, exceeds: _exceeds, handlers: _handlers, degrades = false, ...about } = message;
  const opinions = trace.map(opinionRow);
  return { message: { ...about, tags: [...tags], degrades }, action, lane, delayMs, code, reason, rules, opinions };
}

export const replayView = ({ moved, ...rest }: Replayed): z.output<typeof ReplayView> => ({
  ...rest,
  moved: moved.map(({ samples, ...move }) => ({ ...move, samples: samples.map((sample) => ({ ...sample })) })),
});
