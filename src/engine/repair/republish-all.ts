import type { KeepLanes } from '../health/lanes/keep-lanes.js';
import type { InHand } from '../intake/in-hand.js';
import type { Store } from '../ports/store.js';
import type { Tally } from '../tally.js';
import type { Republish } from './republish.js';

const PAGE = 500;

/**
 * Sends every dispatch that is due again, without waiting for evidence: for an operator who knows that queues are gone.
 * What still lies in a queue gets a copy, which costs a rejected delivery each. What is not due yet is found by the
 * sweep when it is.
 */
export class RepublishAll {
  constructor(
    private readonly store: Store,
    private readonly republish: Republish,
    private readonly inHand: InHand,
    private readonly lanes: Pick<KeepLanes, 'all'>,
    private readonly tally: Tally,
  ) {}

  /** Answers how many were sent. */
  async execute(): Promise<number> {
    const now = await this.store.now();
    let sent = 0;
    for (const { number } of this.lanes.all) {
      for (;;) {
        const page = await this.store.claimLost(number, now, PAGE);
        const rows = page.filter(({ instance, node: { node, visit } }) => !this.inHand.has({ instance, node, visit }));
        await this.republish.due(rows);
        sent += rows.length;
        if (page.length < PAGE) break;
      }
    }
    this.tally.count('republished.all', sent);
    return sent;
  }
}
