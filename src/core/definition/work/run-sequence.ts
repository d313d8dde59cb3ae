import type { Expression } from '../../expression.js';
import type { Json, JsonObject } from '../../json.js';

/** One step of a sequence: handlers that are asked one after the other. */
export interface SequenceStep {
  readonly name: string;
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
}

export interface SequenceRun {
  /** Most jumps in one run. */
  readonly jumps: number;
  call(step: SequenceStep, handler: string, place: number, pass: number, context: JsonObject): Promise<JsonObject>;
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
  for (let step = steps[next]; step; step = steps[next]) {
    const pass = (passes[step.name] ?? 0) + 1;
    passes[step.name] = pass;
    for (const [place, handler] of step.handlers.entries()) {
      context = { ...context, ...(await asked(step, handler, place, pass, context, trace, run)) };
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

async function asked(
  step: SequenceStep,
  handler: string,
  place: number,
  pass: number,
  context: JsonObject,
  trace: StepTrace[],
  run: SequenceRun,
): Promise<Readonly<Record<string, Json>>> {
  const began = run.now();
  const one = { step: step.name, handler, pass };
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
