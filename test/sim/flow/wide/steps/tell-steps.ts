import type { Json, JsonObject } from '../../../../../src/core/json.js';
import { type Ask, canonical } from '../wide-block.js';
import { type BranchPlan, counterOf, type MergeBy, type StepPlan, type StepsDoes, sharedBy } from './steps-block.js';

export type Members = Readonly<Record<string, Json>>;

/** How far earlier attempts have come: what a later one goes on from. */
interface Reached {
  readonly next: number;
  readonly context: Members;
  readonly jumps: number;
  readonly passes: Readonly<Record<string, number>>;
  /** What branches of the next step that have ended have changed. */
  readonly ended: Readonly<Record<string, Ended>>;
}

interface Ended {
  readonly context: Members;
  readonly changed: readonly string[];
}

/** An attempt has failed. */
class Failed extends Error {}

/** What a sequence comes to, attempt by attempt. */
export class Steps {
  jumps = 0;
  private readonly trace = new Set<string>();
  private reached: Reached;

  constructor(
    private readonly does: Pick<StepsDoes, 'steps' | 'jumps'>,
    context: Members,
  ) {
    this.reached = { next: 0, context, jumps: 0, passes: {}, ended: {} };
  }

  /** What it gives; `null`: it fails. */
  attempt(ask: Ask): Json {
    try {
      return this.run((part, plan, given, traced) => {
        const gave = ask(part, plan, given);
        if (gave === null) throw new Failed();
        this.trace.add(traced);
        return gave;
      });
    } catch (fault) {
      if (fault instanceof Failed) return null;
      throw fault;
    }
  }

  private run(ask: Asking): Json {
    const { steps, jumps: most } = this.does;
    let { next, context, ended } = this.reached;
    const passes = { ...this.reached.passes };
    this.jumps = this.reached.jumps;
    for (let step = steps[next]; step; step = steps[next]) {
      const { name, back, checkpoint } = step;
      const pass = (passes[name] ?? 0) + 1;
      if (step.branches.length > 0) {
        const here = { next, context, jumps: this.jumps, passes: { ...passes }, ended };
        context = { ...context, ...this.parted(step, pass, here, ask) };
        ended = {};
      }
      passes[name] = pass;
      for (const [place, plan] of step.asks.entries()) {
        const gave = ask(`${name}.${place}.${pass}`, plan, context, `${name} ${pass}`);
        context = { ...context, ...answerOfStep(step, place, context, gave) };
      }
      const goesBack = back !== null && Number(context[counterOf(name)]) < back.times;
      if (goesBack && ++this.jumps > most) throw new Failed();
      next = goesBack ? steps.findIndex((one) => one.name === back.to) : next + 1;
      if (checkpoint) this.reached = { next, context, jumps: this.jumps, passes: { ...passes }, ended: {} };
    }
    return { context: context as JsonObject, trace: [...this.trace].sort() };
  }

  /** All branches run to their ends, also when one of them fails. */
  private parted(step: StepPlan, pass: number, here: Reached, ask: Asking): Members {
    const ended: Record<string, Ended> = { ...here.ended };
    let isWhole = true;
    for (const branch of step.branches) {
      if (ended[branch.name]) continue;
      try {
        ended[branch.name] = branched(step, branch, pass, here.context, ask);
      } catch (fault) {
        if (!(fault instanceof Failed)) throw fault;
        isWhole = false;
      }
    }
    if (step.checkpoint) this.reached = { ...here, ended };
    if (!isWhole) throw new Failed();
    const { name, merge } = step;
    if (merge === null || typeof merge === 'string') return merged(step, merge, ended);
    const branches = Object.fromEntries(step.branches.map((one) => [one.name, ended[one.name]?.context as JsonObject]));
    const given = { context: here.context as JsonObject, branches };
    return { [`${name}_mix`]: ask(`${name}.merge.${pass}`, merge.asks, given, `${name} ${pass}`) };
  }
}

type Asking = (part: string, plan: Parameters<Ask>[1], given: Json, traced: string) => string;

function branched(step: StepPlan, branch: BranchPlan, pass: number, outer: Members, ask: Asking): Ended {
  const asking = `${step.name}.${branch.name}`;
  const traced = `${asking} ${pass}`;
  const began: Members = branch.context
    ? { own: ask(`${asking}.context.${pass}`, branch.context, outer as JsonObject, traced) }
    : outer;
  let context = began;
  for (const [place, plan] of branch.asks.entries()) {
    const gave = ask(`${asking}.${place}.${pass}`, plan, context as JsonObject, traced);
    context = { ...context, ...answerOfBranch(step, branch, place, gave) };
  }
  const changed = Object.keys(context).filter((name) => canonical(context[name]) !== canonical(began[name]));
  return { context, changed };
}

/** One value for each member that branches have changed, in the order of the branches. */
function merged({ branches }: StepPlan, merge: MergeBy | null, ended: Readonly<Record<string, Ended>>): Members {
  const result: Record<string, Json> = {};
  for (const member of new Set(branches.flatMap(({ name }) => ended[name]?.changed ?? []))) {
    const by = branches.filter(({ name }) => ended[name]?.changed.includes(member));
    const values = by.map(({ name }) => ended[name]?.context[member] ?? null);
    if (member === 'm' && merge !== null) result[member] = mergeBy(merge, values);
    else if (new Set(values.map(canonical)).size > 1) throw new Failed();
    else result[member] = values[0] ?? null;
  }
  return result;
}

/** By the table of docs/definition-format.md. */
export function mergeBy(rule: MergeBy, values: readonly Json[]): Json {
  const numbers = values as readonly number[];
  const all = (values as readonly (readonly Json[])[]).flatMap((one) => (Array.isArray(one) ? one : []));
  switch (rule) {
    case 'sum':
      return numbers.reduce((sum, one) => sum + one, 0);
    case 'max':
      return Math.max(...numbers);
    case 'min':
      return Math.min(...numbers);
    case 'list':
      return values;
    case 'first':
      return values[0] ?? null;
    case 'last':
      return values[values.length - 1] ?? null;
    case 'concat':
      return all;
    case 'union':
      return [...new Map(all.map((one) => [canonical(one), one])).values()];
  }
}

/** What a handler of a step gives; the first counts how often the step was done, if somebody asks for that. */
export const answerOfStep = ({ name, back }: StepPlan, place: number, context: Members, value: string): Members => ({
  [`${name}_${place}`]: value,
  ...(back && place === 0 && { [counterOf(name)]: Number(context[counterOf(name)] ?? 0) + 1 }),
});

export const answerOfBranch = (step: StepPlan, branch: BranchPlan, place: number, value: string): Members => ({
  [`${step.name}_${branch.name}_${place}`]: value,
  ...(branch.gives !== null && place === branch.asks.length - 1 && { m: sharedBy(step, branch.gives) }),
});

/** How many jumps it makes when nothing fails. */
export function jumpsOf(steps: readonly StepPlan[]): number {
  const whole = new Steps({ steps, jumps: Number.POSITIVE_INFINITY }, {});
  whole.attempt(() => '');
  return whole.jumps;
}

/** What a sequence gave, as {@link Steps} tells it: without how long anything took, and what was asked for nothing. */
export function stepsShown(output: Json): Json {
  const { _trace, ...context } = output as JsonObject;
  const entries = _trace as unknown as readonly { step: string; branch?: string; pass: number; error?: string }[];
  const trace = entries
    .filter(({ error }) => error === undefined)
    .map(({ step, branch, pass }) => `${step}${branch === undefined ? '' : `.${branch}`} ${pass}`);
  return { context, trace: [...new Set(trace)].sort() };
}
