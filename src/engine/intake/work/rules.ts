import { momentOf } from '../../../core/definition/work/moment.js';
import { evaluateRules, type LeafAnswer, RuleFailure } from '../../../core/definition/work/rules/evaluate-rules.js';
import type { RuleLeaf, RuleNode } from '../../../core/definition/work/rules/rule-tree.js';
import type { RulesWork } from '../../../core/definition/work/work.js';
import { resultFlag } from '../../../core/flow/instance.js';
import type { Json, JsonObject } from '../../../core/json.js';
import { PermanentError, type TaskContext, type TaskHandler } from '../../ports/handlers.js';
import { Outputs } from './outputs.js';
import { passedOn } from './passed-on.js';
import type { WorkPlace } from './work-place.js';

type Call = Extract<RuleLeaf, { type: 'call' }>;

/**
 * A handler that runs a tree of rules in one delivery. Its answer: `state`, `_result` (false if the state is), `at`, the
 * `trace`, and what `result` leaves `gave`, by their names.
 */
export function workOnRules(
  { root, at: time }: RulesWork,
  { handlers, clock, scope, kept }: WorkPlace,
): { readonly handler: TaskHandler; kept(): JsonObject | undefined } {
  const answers = new Map(Object.entries((kept['answers'] ?? {}) as unknown as Record<string, LeafAnswer>));
  const outputs = new Outputs(kept);
  let at = typeof kept['at'] === 'number' ? kept['at'] : null;

  const handler: TaskHandler = async (input, context) => {
    at ??= time ? momentGiven(time.value(scope), time.text) : clock.now();
    const call = (leaf: Call, part: RuleNode, now: number): Promise<LeafAnswer> => {
      const found = handlers.find(leaf.handler) as TaskHandler;
      return callLeaf(found, leaf, part, { ...input, requestTime: now }, context, outputs);
    };
    const isStopped = (): boolean => context.signal.aborted;
    const test = { test: (condition: { test(from: typeof scope): boolean }) => condition.test(scope) };
    try {
      const {
        state,
        trace,
        at: after,
      } = await evaluateRules(root, { at, answers, call, now: () => clock.now(), isStopped, ...test });
      return {
        state,
        _result: state !== 'false',
        at: new Date(after).toISOString(),
        gave: gaveIn(root, answers),
        trace,
      };
    } catch (fault) {
      throw failureOf(fault);
    }
  };
  return {
    handler,
    kept: () => (at === null ? undefined : { at, answers: Object.fromEntries(answers) as unknown as JsonObject }),
  };
}

/** Each leaf has a key of its own, equal over attempts. */
async function callLeaf(
  handler: TaskHandler,
  { role, with: literals }: Call,
  { path, name }: RuleNode,
  input: JsonObject,
  context: TaskContext,
  outputs: Outputs,
): Promise<LeafAnswer> {
  const { signal, log, ...rest } = context;
  const idempotencyKey = `${context.idempotencyKey}.${path}`;
  const returned = await handler(input, { ...rest, signal, log, idempotencyKey, with: literals ?? {} });
  const output = outputs.take(returned, name);
  if (role === 'quiet') return { state: 'none', output };
  return { state: resultFlag(output) ? 'true' : 'false', output };
}

/** What the outcomes gave that were not refused. */
function gaveIn(root: RuleNode, answers: ReadonlyMap<string, LeafAnswer>): JsonObject {
  const gave: Record<string, Json> = {};
  const visit = (part: RuleNode): void => {
    if (part.forward) visit(part.forward);
    if ('children' in part.rule) for (const child of part.rule.children) visit(child);
    const answer = answers.get(part.path);
    if (part.rule.type === 'call' && part.rule.role === 'result' && answer?.state === 'true')
      gave[part.name] = answer.output;
  };
  visit(root);
  return gave;
}

function momentGiven(value: Json, text: string): number {
  const moment = momentOf(value);
  if (moment !== null) return moment;
  const message = `Expected '${text}' to give a time with its zone or milliseconds, but it gave ${JSON.stringify(value)}.`;
  throw new PermanentError('BAD_TIME', message);
}

/** The failure of the part that failed. What is parked is not tried again until a person says so. */
function failureOf(fault: unknown): unknown {
  if (!(fault instanceof RuleFailure)) return fault;
  const { part, reason, parked } = fault;
  const where = `Expected '${part.name}' (${part.path}) to answer, but it failed:`;
  if (!parked) return passedOn(reason, where);
  return new PermanentError('PARKED', passedOn(reason, where).message);
}
