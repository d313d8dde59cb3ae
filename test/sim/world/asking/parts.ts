import type { Json, JsonObject } from '../../../../src/core/json.js';
import type { AttemptOutcome } from '../../../../src/engine/ports/handlers.js';
import { allOf, type Block } from '../../flow/block.js';
import type { AskPlan } from '../../flow/wide/ask-plan.js';
import { partAt, unitAt } from '../../flow/wide/rules/rules-block.js';
import { answerOfBranch, answerOfStep } from '../../flow/wide/steps/tell-steps.js';
import { givenToRule, isWork, nodeOf, partAnswer, type WorkBlock } from '../../flow/wide/wide-block.js';

/** What somebody is asked who does a part of a node's work. */
export interface AskedPart {
  readonly input: JsonObject;
  readonly context: {
    readonly instance: string;
    readonly flow: string;
    readonly node: string;
    readonly visit: number;
    readonly attempt: number;
    readonly idempotencyKey: string;
  };
}

/** What a part does: its plan, and what it makes of its value. */
interface Doing {
  readonly plan: AskPlan;
  readonly given: Json;
  readonly gives: (value: string) => Json;
}

/** All who do parts of the work of nodes: they honour keys like everybody else, and count who asks them. */
export class Parts {
  /** How often each was asked, by `instance.node.visit/part`. */
  readonly asked = new Map<string, number>();
  /** What was done, by key. */
  private readonly books = new Map<string, Json>();
  private readonly blocks = new Map<string, WorkBlock>();

  constructor(flows: Readonly<Record<string, Block>>) {
    for (const [flow, block] of Object.entries(flows))
      for (const one of allOf(block)) if (isWork(one)) this.blocks.set(`${flow} ${nodeOf(one)}`, one);
  }

  /** Names of nodes with such work, as `flow node`. */
  get nodes(): readonly string[] {
    return [...this.blocks.keys()];
  }

  answer({ input, context }: AskedPart, isDown: boolean): AttemptOutcome {
    const { instance, flow, node, visit, attempt, idempotencyKey } = context;
    const unit = `${instance}.${node}.${visit}`;
    const part = idempotencyKey.slice(unit.length + 1);
    const block = this.blocks.get(`${flow} ${node}`);
    const doing = block && doingOf(block, part, input);
    if (!idempotencyKey.startsWith(unit) || !doing) return failed('NO_SUCH_PART', `There is no '${part}'.`, true);
    const name = `${unit}/${part}`;
    this.asked.set(name, (this.asked.get(name) ?? 0) + 1);
    const { plan, given, gives } = doing;
    if (isDown && !plan.sheltered) return failed('DOWN', 'The partner is down.', false);
    const fails = plan.broken || attempt <= plan.fails;
    if (fails && plan.how !== 'timeout')
      return failed(plan.how === 'error' ? 'FLAKY' : 'BROKEN', 'It says no.', plan.how === 'permanent');
    const output = this.books.get(idempotencyKey) ?? gives(partAnswer(node, visit, part, given));
    this.books.set(idempotencyKey, output);
    return fails ? failed('TIMEOUT', 'It has said nothing.', false) : { type: 'completed', output };
  }
}

function doingOf({ does }: WorkBlock, part: string, input: JsonObject): Doing | null {
  if (does.kind === 'rules') {
    const rule = partAt(does.root, part);
    const given = givenToRule(String(input['salt']), unitAt(Number(input['requestTime'])));
    const gives = (value: string): Json =>
      rule?.says || rule?.rule === 'quiet' ? { value } : { value, _result: false };
    return rule?.ask ? { plan: rule.ask, given, gives } : null;
  }
  const words = part.split('.');
  const step = does.steps.find(({ name }) => name === words[0]);
  const branch = words.length === 4 ? step?.branches.find(({ name }) => name === words[1]) : undefined;
  const place = words.at(-2) ?? '';
  if (!step) return null;
  if (branch && place === 'context')
    return branch.context && { plan: branch.context, given: input, gives: (value) => ({ own: value }) };
  const mix = step.merge !== null && typeof step.merge === 'object' ? step.merge.asks : null;
  if (place === 'merge') return mix && { plan: mix, given: input, gives: (value) => ({ [`${step.name}_mix`]: value }) };
  const plan = (branch ?? step).asks[Number(place)];
  if (!plan) return null;
  const gives = (value: string): Json =>
    (branch
      ? answerOfBranch(step, branch, Number(place), value)
      : answerOfStep(step, Number(place), input, value)) as JsonObject;
  return { plan, given: input, gives };
}

const failed = (code: string, message: string, permanent: boolean): AttemptOutcome => ({
  type: 'failed',
  code,
  message,
  permanent,
});
