import type { AttemptOutcome } from '../../../src/engine/ports/handlers.js';

/** What everybody must know who called this partner. */
type Seen =
  | { readonly is: 'well'; failures: number }
  /** It is to be left in peace until then, and then to be tried. */
  | { readonly is: 'left'; readonly until: number; readonly times: number }
  | { readonly is: 'tried'; readonly times: number; trials: number; ok: number; failed: number }
  /** More is known of it than these calls tell. */
  | { readonly is: 'unclear' };

/** Failures in a row after which nobody calls, and for how long at least; twice as long each time. */
const ROW = 5;
const LEFT_MS = 27_000;
/** So many may try it; so many must succeed before others follow, and so many fail before it is left again. */
const TRIALS = 5;
const ENOUGH_OK = 4;
const ENOUGH_FAILED = 2;
/** From so many calls on, shares of them decide too. */
const FEW = 20;

/** Tells from the calls of one process alone whether it calls a partner that it should leave in peace (I19). */
export class CircuitGuard {
  private readonly partners = new Map<string, { seen: Seen; calls: number }>();

  constructor(
    private readonly now: () => number,
    private readonly wrong: (what: string) => void,
  ) {}

  /** A call begins; the answer is to be told how it ended. `null`: it was cut, which tells nothing. */
  began(name: string): (outcome: AttemptOutcome | null) => void {
    const partner = this.partners.get(name) ?? { seen: { is: 'well', failures: 0 }, calls: 0 };
    this.partners.set(name, partner);
    if (++partner.calls >= FEW) partner.seen = { is: 'unclear' };
    if (partner.seen.is === 'left') {
      const { until, times } = partner.seen;
      if (this.now() < until) this.wrong(`${name} is called ${until - this.now()} ms before it may be tried again`);
      partner.seen = { is: 'tried', times, trials: 0, ok: 0, failed: 0 };
    }
    const { seen } = partner;
    if (seen.is === 'tried' && ++seen.trials > TRIALS) this.wrong(`${name} is tried by more than ${TRIALS} calls`);
    return (outcome) => {
      if (partner.seen === seen) partner.seen = this.after(seen, outcome);
      // Word of a call from before it was left is no news; of an older trial, it may be taken for one of these.
      else if (seen.is === 'tried') partner.seen = { is: 'unclear' };
    };
  }

  private after(seen: Seen, outcome: AttemptOutcome | null): Seen {
    const failed = outcome?.type === 'failed';
    const isAnswer = outcome === null || (outcome.type === 'failed' && outcome.permanent);
    if (seen.is === 'well' && !isAnswer) {
      seen.failures = failed ? seen.failures + 1 : 0;
      if (seen.failures >= ROW) return this.left(1);
    }
    if (seen.is === 'tried') {
      if (isAnswer) seen.trials--;
      else if (failed) seen.failed++;
      else seen.ok++;
      if (seen.failed >= ENOUGH_FAILED) return this.left(seen.times + 1);
      if (seen.ok >= ENOUGH_OK) return { is: 'unclear' };
    }
    return seen;
  }

  private left(times: number): Seen {
    return { is: 'left', until: this.now() + Math.min(540_000, LEFT_MS * 2 ** (times - 1)), times };
  }
}
