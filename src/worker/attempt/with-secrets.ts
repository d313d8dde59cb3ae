import { Mask } from '../../core/safe/mask.js';
import { withSecrets } from '../../core/safe/secret-use.js';
import type { SecretOrder } from '../../engine/intake/work/order/secrets.js';
import { PermanentError, poll, type TaskContext, type TaskHandler } from '../../engine/ports/handlers.js';
import { Log } from '../../engine/ports/log.js';
import { answerOf } from './answer.js';
import { failureOf } from './failure.js';

/** What stands where a secret stood. */
const HIDDEN = '***';

/**
 * The handler, given its secrets at the last moment. Whatever it says, in its answer, its failure or its log, is without
 * them: everybody else hears the masked word alone.
 */
export function givenSecrets(handler: TaskHandler, { uses, values }: SecretOrder): TaskHandler {
  const mask = new Mask([...values.values()].map((value) => ({ value, by: HIDDEN })));
  return async (input, context) => {
    let outcome: ReturnType<typeof answerOf>;
    try {
      outcome = answerOf(await handler(withSecrets(input, uses, values), quiet(context, mask)));
    } catch (thrown) {
      throw masked(thrown, mask);
    }
    if (outcome.type === 'completed') return mask.json(outcome.output);
    if (outcome.type === 'polled') return poll(outcome.delayMs);
    throw failing(outcome, outcome.message, mask);
  };
}

/** The message is masked before it is cut: half of a secret would be found no more. */
function masked(thrown: unknown, mask: Mask): unknown {
  if (typeof thrown === 'string') return mask.text(thrown);
  return failing(failureOf(thrown), messageOf(thrown), mask);
}

function failing(failure: ReturnType<typeof failureOf>, message: string | null, mask: Mask): Error {
  const text = mask.text(message ?? failure.message);
  const code = mask.text(failure.code) === failure.code ? failure.code : 'HANDLER_ERROR';
  return failure.permanent ? new PermanentError(code, text) : Object.assign(new Error(text), { code });
}

/** A getter of what was thrown may throw in turn. */
function messageOf(thrown: unknown): string | null {
  try {
    const { message } = thrown as { readonly message?: unknown };
    return typeof message === 'string' && message !== '' ? message : null;
  } catch {
    return null;
  }
}

function quiet(context: TaskContext, mask: Mask): TaskContext {
  return {
    ...context,
    get signal() {
      return context.signal;
    },
    get log() {
      return new MaskedLog(context.log, mask);
    },
  };
}

type Facts = Readonly<Record<string, unknown>>;

class MaskedLog extends Log {
  constructor(
    private readonly log: Log,
    private readonly mask: Mask,
  ) {
    super();
  }

  info(message: string, facts?: Facts): void {
    this.log.info(this.mask.text(message), this.plain(facts));
  }

  warn(message: string, facts?: Facts): void {
    this.log.warn(this.mask.text(message), this.plain(facts));
  }

  error(message: string, facts?: Facts): void {
    this.log.error(this.mask.text(message), this.plain(facts));
  }

  /** As it will be written: what a class or an Error hides would else be found by whoever writes the line. */
  private plain(facts: Facts | undefined): Facts | undefined {
    if (!facts) return facts;
    const outcome = answerOf(withErrors(facts));
    return outcome.type === 'completed' ? (this.mask.json(outcome.output) as Facts) : { facts: outcome.type };
  }
}

const withErrors = (facts: Facts): Facts =>
  Object.fromEntries(Object.entries(facts).map(([key, fact]) => [key, fact instanceof Error ? String(fact) : fact]));
