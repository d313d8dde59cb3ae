import { z } from 'zod';
import type { NodeInstance } from '../../core/flow/instance.js';
import type { TraceLine } from '../../core/routing/opinion.js';
import type { Match, Override, Rule } from '../../core/routing/rules.js';
import type { Signed } from '../../engine/health/orders/order-store.js';
import type { SubjectReport } from '../../engine/health/watched.js';
import { PlacedProblem } from '../views.js';
import { RulesRow } from './rules/order-views.js';

const at = z.iso.datetime();
const lane = z.string().describe('A built-in lane, or one that a rule has named.');
const iso = (ms: number): string => new Date(ms).toISOString();

/** What one stage said, and what of it was taken. */
export const OpinionView = z.strictObject({
  stage: z.enum(['override', 'circuit', 'limit', 'rule', 'latency', 'retry', 'default', 'pressure', 'group']),
  code: z.string(),
  said: z.string(),
  lane: lane.nullable(),
  delayMs: z.number().nullable(),
  action: z.enum(['publish', 'defer', 'hold', 'fallback']).nullable(),
  won: z.array(z.enum(['lane', 'delay', 'action'])),
});

/** Why a node instance went to its lane, as it was decided then. */
export const WhyView = z.strictObject({
  instance: z.string(),
  node: z.string(),
  visit: z.int(),
  attempt: z.int(),
  lane: lane.nullable().describe('Null: it needs no message.'),
  reason: z.string().nullable().describe('In one sentence.'),
  subject: z.string().nullable().describe('Whose health counted; null: the handler as a whole, and all was well.'),
  code: z.string().nullable().describe('Who decided; null: nothing spoke against the default.'),
  rules: z.string().nullable().describe('The version of the rules then; null: there were none.'),
  opinions: z.array(OpinionView),
  asked: z
    .array(
      z.strictObject({
        node: z.string().describe('The task that would be gone to.'),
        subject: z.string(),
        open: z.boolean(),
        said: z.string().nullable().describe('By what it would be kept back.'),
      }),
    )
    .describe('What its conditions read of circuits, as it was then.'),
});

export const SubjectRow = z.strictObject({
  subject: z.string(),
  circuit: z.enum(['closed', 'open', 'half-open', 'ramp']),
  since: at.nullable().describe('Null: it was never open.'),
  until: at.nullable().describe('When an open circuit takes its first probe.'),
  cause: z.string().nullable().describe('Why it opened.'),
  latency: z.enum(['fast', 'normal', 'slow']),
  p50Ms: z.number(),
  p95Ms: z.number(),
  calls: z.int().describe('In the last minute.'),
  failed: z.int().describe('Of them.'),
  seenAt: at,
});
export const SubjectList = z.array(SubjectRow);

export const TransitionRow = z.strictObject({
  subject: z.string(),
  from: z.string(),
  to: z.string(),
  cause: z.string().nullable(),
  at,
});
export const TurnList = z.array(TransitionRow);

export const LaneRow = z.strictObject({
  lane,
  depth: z.int().nullable().describe('Messages that lie ready; null: the broker cannot tell.'),
  full: z.boolean().describe('What would go to `fast` goes to `normal` then.'),
  inHand: z.int().describe('Dispatches of it that this process has in hand.'),
  oldestMs: z.number().describe('How long its earliest dispatch has been due, in hand or not; 0: none is.'),
  state: z.enum(['open', 'closing']).describe('Closing: no rule names it any more, and what is left in it is done.'),
  places: z.int().nullable().describe('Messages that each engine has in hand at once; null: a built-in lane.'),
  sent: z.int().describe('Dispatches that this process has sent there since it started.'),
});
export const LaneList = z.array(LaneRow);

export const GroupRow = z.strictObject({
  group: z.string(),
  own: z.boolean().describe('The engine that answers is of it.'),
  up: z.int().describe('Engines that are up.'),
  upUntil: at.describe('Till when the last of them counts, or counted, as being up without another word.'),
  handlers: z
    .array(z.string())
    .describe('What engines that are up have; of a group that is gone, what the last ones had.'),
  ready: z.int().nullable().describe('Messages that lie ready in its lanes; null: the broker cannot tell.'),
  oldestMs: z.number().describe('How long the earliest dispatch of its lanes has been due; 0: none is.'),
});
export const GroupList = z.array(GroupRow);

const said = {
  code: z.string(),
  match: z.record(z.string(), z.unknown()).describe('All of it must hold.'),
  lane: lane.nullable(),
  reason: z.string(),
  hits: z.int().describe('Dispatches that it was about, since this process has it.'),
};
const origin = z.enum(['file', 'http']).describe('Where it was written.');
export const OverrideRow = z.strictObject({
  ...said,
  hold: z.boolean(),
  ignoreCircuit: z.boolean(),
  circuit: z.enum(['open', 'closed']).nullable(),
  freeze: z.boolean(),
  until: at,
  origin,
  by: z.string().nullable().describe('Who set it; null: it stands in a file.'),
  at: at.nullable(),
});
export const OverrideList = z.array(OverrideRow);
export const RuleRow = z.strictObject({
  ...said,
  minDelayMs: z.number(),
  limit: z.int().nullable().describe('Most of them that run at once, in all engines together.'),
  rate: z.strictObject({ max: z.int(), perMs: z.number() }).nullable().describe('Most of them that begin in a time.'),
  retryShare: z.number().nullable().describe('The share of a subject’s calls that may be retries.'),
  origin,
});
export const RuleList = z.strictObject({
  version: z.string().nullable().describe('Null: there are no rules, in files or published.'),
  published: RulesRow.nullable().describe('The newest set that was published; null: none was.'),
  rules: z.array(RuleRow),
  overrides: OverrideList,
});
export const PublishedRules = z.strictObject({
  version: z.int(),
  rules: z.int().describe('How many there are.'),
  problems: z.array(PlacedProblem).describe('Warnings: rules that can never decide anything.'),
});

/** What is named in a match; the rest is no condition. */
function shownMatch({ dims, attemptFrom, attemptTo, ...names }: Match): Record<string, unknown> {
  return {
    ...Object.fromEntries(Object.entries(names).filter(([, value]) => value != null)),
    ...(Object.keys(dims).length > 0 && { dims: { ...dims } }),
    ...(attemptFrom > 1 && { attemptFrom }),
    ...(attemptTo < Number.MAX_SAFE_INTEGER && { attemptTo }),
  };
}

export const ruleRow = (
  rule: Rule,
  hits: number,
  from: 'file' | 'http',
): z.output<typeof RuleList>['rules'][number] => ({
  code: rule.code,
  match: shownMatch(rule.match),
  lane: rule.lane,
  minDelayMs: rule.minDelayMs,
  limit: rule.limit ?? null,
  rate: rule.rate ?? null,
  retryShare: rule.retryShare ?? null,
  reason: rule.reason,
  hits,
  origin: from,
});

export const overrideRow = (one: Override, hits: number, signed: Signed | null): z.output<typeof OverrideRow> => ({
  code: one.code,
  match: shownMatch(one.match),
  lane: one.lane,
  hold: one.hold,
  ignoreCircuit: one.ignoreCircuit,
  circuit: one.circuit ?? null,
  freeze: one.freeze ?? false,
  until: iso(one.until),
  reason: one.reason,
  hits,
  origin: signed ? 'http' : 'file',
  by: signed?.by ?? null,
  at: signed && iso(signed.at),
});

export const opinionRow = ({ stage, code, said, won, ...more }: TraceLine): z.output<typeof OpinionView> => ({
  stage,
  code,
  said,
  lane: more.lane ?? null,
  delayMs: more.delayMs ?? null,
  action: more.action ?? null,
  won: [...won],
});

export function whyView(instance: string, row: NodeInstance): z.output<typeof WhyView> {
  const { node, visit, attempt, reason, receipt } = row;
  return {
    instance,
    node,
    visit,
    attempt,
    lane: row.lane,
    reason,
    subject: receipt?.subject ?? null,
    code: receipt?.code ?? null,
    rules: receipt?.rules ?? null,
    opinions: (receipt?.trace ?? []).map(opinionRow),
    asked: (receipt?.asked ?? []).map((one) => ({ ...one })),
  };
}

export function subjectRow(report: SubjectReport): z.output<typeof SubjectRow> {
  const { subject, circuit, latency, calls, failed, seenAt } = report;
  return {
    subject,
    circuit: circuit.state,
    since: circuit.since === null ? null : iso(circuit.since),
    until: circuit.state === 'open' ? iso(circuit.until) : null,
    cause: circuit.state === 'closed' ? null : circuit.cause,
    latency: latency.class,
    p50Ms: latency.p50Ms,
    p95Ms: latency.p95Ms,
    calls,
    failed,
    seenAt: iso(seenAt),
  };
}
