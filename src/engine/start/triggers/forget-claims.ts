import type { Store } from '../../ports/store.js';
import type { Tally } from '../../tally.js';

/**
 * How long it is remembered which events have a share of a quota. A start is remembered for 30 days; a day more, so that an
 * event of which the instance is still found never takes a second share.
 */
export const CLAIM_MS = 31 * 24 * 3_600_000;
const PAGE = 500;
/** Of one round: what is left waits for the next. */
const MOST_PAGES = 20;

/** Forgets which events took a share of a quota long ago. What is used of the share stays used. */
export class ForgetClaims {
  constructor(
    private readonly store: Store,
    private readonly tally: Tally,
  ) {}

  async execute(): Promise<void> {
    const before = (await this.store.now()) - CLAIM_MS;
    for (let page = 0; page < MOST_PAGES; page++) {
      const forgotten = await this.store.triggers.forgetClaims(before, PAGE);
      if (forgotten > 0) this.tally.count('claim.forgotten', forgotten);
      if (forgotten < PAGE) return;
    }
  }
}
