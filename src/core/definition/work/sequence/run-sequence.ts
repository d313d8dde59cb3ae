import type { Expression } from '../../../expression.js';
import type { Json, JsonObject } from '../../../json.js';
import { type Branch, type BranchEnd, type Branches, endOf, merged } from './branches.js';

/** One step of a sequence: handlers that are asked one after the other, or branches at the same time. */
export interface SequenceStep {
  readonly name: string;
  /** Instead of handlers. */
  readonly parallel?: Branches;
  readonly handlers: readonly string[];
  readonly with: JsonObject | null;
  /** Where to go on after it: the first whose condition holds, else the next step. */
  readonly goto: readonly { readonly to: string; readonly when: Expression }[];
  /** A later attempt goes on behind it. */
  readonly checkpoint: boolean;
}

/** What one handler cost. */
export interface StepTrace {
  readonly step: string;
  /** Of a step with branches. */
  readonly branch?: string;
  readonly handler: string;
  /** Which time the step ran, from 1. */
  readonly pass: number;
  readonly ms: number;
  /** Why it failed. */
  readonly error?: string;
}

/** How far a sequence has come: what a later attempt goes on from. */
export interface Progress {
  /** Place of the next step. */
  readonly next: number;
  readonly context: JsonObject;
  readonly jumps: number;
  readonly passes: Readonly<Record<string, number>>;
  readonly trace: readonly StepTrace[];
  /** Branches of the next step that are done already. */
  readonly branches?: Readonly<Record<string, BranchEnd>>;
}

/** What asks a handler: a step, or a branch of one. */
export interface Asking {
  /** `recall`, or `recall.pin` for a branch. */
  readonly name: string;
  readonly with: JsonObject | null;
}

export interface SequenceRun {
  /** Most jumps in one run. */
  readonly jumps: number;
  /** @param place which handler of the step it is, from 0; or what else it is for. */
  call(
    step: Asking,
    handler: string,
    place: number | 'context' | 'merge',
    pass: number,
    context: JsonObject,
  ): Promise<JsonObject>;
  test(condition: Expression, context: JsonObject): boolean;
  now(): number;
  /** A checkpoint was passed. */
  reached(progress: Progress): void;
}

/** A handler failed, a condition had no answer, or there were too many jumps. */
export class SequenceFailure extends Error {
  constructor(
    readonly step: string,
    readonly handler: string | null,
    readonly reason: unknown,
    readonly trace: readonly StepTrace[],
  ) {
    super(reason instanceof Error ? reason.message : String(reason));
  }
}

export class TooManyJumps extends Error {}

export const beginning = (context: JsonObject): Progress => ({ next: 0, context, jumps: 0, passes: {}, trace: [] });

/** Longest trace; what comes before is forgotten. */
const TRACE = 200;

/**
 * Runs steps in order, from where it stands to the end; what a handler answers is added to the context.
 * @throws {SequenceFailure} at the first failure.
 */
export async function runSequence(
  steps: readonly SequenceStep[],
  from: Progress,
  run: SequenceRun,
): Promise<Pick<Progress, 'context' | 'trace'>> {
  let { next, context, jumps } = from;
  const passes: Record<string, number> = { ...from.passes };
  const trace = [...from.trace];
  let done = from.branches ?? {};
  for (let step = steps[next]; step; step = steps[next]) {
    const pass = (passes[step.name] ?? 0) + 1;
    passes[step.name] = pass;
    if (step.parallel) {
      const reached = (branches: Readonly<Record<string, BranchEnd>>): void => {
        const before = { ...passes, [step.name]: pass - 1 };
        run.reached({ next, context, jumps, passes: before, trace: trace.slice(-TRACE), branches });
      };
      const made = await inBranches(step, step.parallel, { pass, context, done, trace, run, reached });
      context = { ...context, ...made };
    }
    done = {};
    for (const [place, handler] of step.handlers.entries()) {
      context = { ...context, ...(await asked(step, handler, place, pass, context, { step: step.name }, trace, run)) };
    }
    const target = chosen(step, context, trace, run);
    next = target === null ? next + 1 : steps.findIndex(({ name }) => name === target);
    if (target !== null && ++jumps > run.jumps) {
      const message = `Expected at most ${run.jumps} jumps, but '${step.name}' goes to '${target}' once more.`;
      throw new SequenceFailure(step.name, null, new TooManyJumps(message), trace);
    }
    if (step.checkpoint) run.reached({ next, context, jumps, passes: { ...passes }, trace: trace.slice(-TRACE) });
  }
  return { context, trace: trace.slice(-TRACE) };
}

interface Parting {
  readonly pass: number;
  readonly context: JsonObject;
  /** Branches that an earlier attempt has done. */
  readonly done: Readonly<Record<string, BranchEnd>>;
  readonly trace: StepTrace[];
  readonly run: SequenceRun;
  reached(branches: Readonly<Record<string, BranchEnd>>): void;
}

/**
 * Runs all branches to their ends and makes one context of theirs. Each has a context of its own, so none sees what
 * another does. A failure waits for the others, whose work a checkpoint keeps.
 */
async function inBranches(step: SequenceStep, parallel: Branches, parting: Parting): Promise<JsonObject> {
  const { context, pass, run, trace } = parting;
  const ends = new Map(Object.entries(parting.done));
  const running = parallel.branches
    .filter(({ name }) => !ends.has(name))
    .map(async (branch) => {
      ends.set(branch.name, await branchOf(step, branch, parting));
      if (step.checkpoint) parting.reached(Object.fromEntries(ends));
    });
  const failed = (await Promise.allSettled(running)).find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
  const { merge } = parallel;
  if ('handler' in merge) {
    const branches = Object.fromEntries(parallel.branches.map(({ name }) => [name, ends.get(name)?.context ?? {}]));
    const all = { context, branches };
    return asked(step, merge.handler, 'merge', pass, all, { step: step.name }, trace, run);
  }
  try {
    return merged(parallel, merge.members, ends);
  } catch (reason) {
    throw new SequenceFailure(step.name, null, reason, trace);
  }
}

async function branchOf(step: SequenceStep, branch: Branch, parting: Parting): Promise<BranchEnd> {
  const { pass, trace, run } = parting;
  const asking: Asking = { name: `${step.name}.${branch.name}`, with: branch.with };
  const ask = (handler: string, place: number | 'context', so: JsonObject): Promise<JsonObject> =>
    asked(asking, handler, place, pass, so, { step: step.name, branch: branch.name }, trace, run);
  const copy = structuredClone(parting.context);
  const began = branch.factory === null ? copy : await ask(branch.factory, 'context', copy);
  let context = began;
  for (const [place, handler] of branch.handlers.entries()) {
    context = { ...context, ...(await ask(handler, place, structuredClone(context))) };
  }
  return endOf(began, context);
}

async function asked(
  step: Asking,
  handler: string,
  place: number | 'context' | 'merge',
  pass: number,
  context: JsonObject,
  where: Pick<StepTrace, 'step' | 'branch'>,
  trace: StepTrace[],
  run: SequenceRun,
): Promise<Readonly<Record<string, Json>>> {
  const began = run.now();
  const one = { ...where, handler, pass };
  try {
    const answer = await run.call(step, handler, place, pass, context);
    trace.push({ ...one, ms: run.now() - began });
    return answer;
  } catch (reason) {
    const error = (reason instanceof Error ? reason.message : String(reason)).slice(0, 200);
    trace.push({ ...one, ms: run.now() - began, error });
    throw new SequenceFailure(step.name, handler, reason, trace);
  }
}

function chosen(step: SequenceStep, context: JsonObject, trace: readonly StepTrace[], run: SequenceRun): string | null {
  try {
    return step.goto.find(({ when }) => run.test(when, context))?.to ?? null;
  } catch (reason) {
    throw new SequenceFailure(step.name, null, reason, trace);
  }
}
