import { MergeConflict } from '../../../core/definition/work/sequence/branches.js';
import {
  type Asking,
  beginning,
  type Progress,
  runSequence,
  SequenceFailure,
  TooManyJumps,
} from '../../../core/definition/work/sequence/run-sequence.js';
import type { SequenceWork } from '../../../core/definition/work/work.js';
import type { JsonObject } from '../../../core/json.js';
import { PermanentError, type TaskContext, type TaskHandler } from '../../ports/handlers.js';
import { Outputs } from './outputs.js';
import { passedOn } from './passed-on.js';
import type { WorkPlace } from './work-place.js';

/** A handler that runs steps in one delivery. Its answer: the context at the end, and `_trace`, what each handler cost. */
export function workOnSequence(
  { steps, jumps }: SequenceWork,
  { handlers, clock, scope, kept }: WorkPlace,
): { readonly handler: TaskHandler; kept(): JsonObject | undefined } {
  let progress = (kept['progress'] ?? null) as unknown as Progress | null;

  const handler: TaskHandler = async (input, context) => {
    const outputs = new Outputs(kept);
    const call = async (step: Asking, name: string, place: number | string, pass: number, so: JsonObject) => {
      const found = handlers.find(name) as TaskHandler;
      const { signal, log, ...rest } = context;
      const idempotencyKey = `${context.idempotencyKey}.${step.name}.${place}.${pass}`;
      const its: TaskContext = { ...rest, signal, log, idempotencyKey, with: step.with ?? {} };
      return added(outputs.take(await found({ ...so }, its), name), name);
    };
    try {
      const { context: end, trace } = await runSequence(steps, progress ?? beginning(input), {
        jumps,
        call,
        test: (condition, result) => condition.test(Object.assign(Object.create(null), scope, { result })),
        now: () => clock.now(),
        reached: (reached) => {
          progress = reached;
        },
      });
      return { ...end, _trace: trace };
    } catch (fault) {
      throw failureOf(fault);
    }
  };
  return { handler, kept: () => (progress ? { progress: progress as unknown as JsonObject } : undefined) };
}

/** An answer is members for the context, or nothing. */
function added(answer: unknown, name: string): JsonObject {
  if (answer === null) return {};
  if (typeof answer === 'object' && !Array.isArray(answer)) return answer as JsonObject;
  const message = `Expected '${name}' to answer an object, which is added to the context, but it answered ${JSON.stringify(answer).slice(0, 80)}.`;
  throw new PermanentError('BAD_STEP_RESULT', message);
}

function failureOf(fault: unknown): unknown {
  if (!(fault instanceof SequenceFailure)) return fault;
  const { step, handler, reason } = fault;
  if (reason instanceof TooManyJumps)
    return new PermanentError('TOO_MANY_JUMPS', `${reason.message} Raise \`jumps\`, or look at its conditions.`);
  if (reason instanceof MergeConflict) return new PermanentError(reason.code, `Step '${step}': ${reason.message}`);
  const where = handler === null ? `step '${step}'` : `'${handler}' in step '${step}'`;
  return passedOn(reason, `Expected ${where} to succeed, but it failed:`);
}
