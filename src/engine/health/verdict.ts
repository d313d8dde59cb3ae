import type { AttemptOutcome } from '../ports/handlers.js';

/** What an outcome says of the partner behind the handler. `nothing`: it answered, and the message was at fault. */
export type Verdict = 'ok' | 'failed' | 'nothing';

/**
 * A permanent failure is an answer: the account is closed, the request is malformed (4xx). It speaks neither for the
 * partner nor against it. Everything else that failed is the kind of thing that trying again may mend (a timeout, the
 * network, 5xx, 429): the partner is not well. A "no" and a "not yet" are good answers.
 */
export function verdictOf(outcome: AttemptOutcome): Verdict {
  if (outcome.type !== 'failed') return 'ok';
  return outcome.permanent ? 'nothing' : 'failed';
}
