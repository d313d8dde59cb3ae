import { LEASED } from '../../core/routing/lane.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { DatabaseClock } from '../intake/database-clock.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Log } from '../ports/log.js';
import type { Store } from '../ports/store.js';
import type { Tally } from '../tally.js';

const PAGE = 500;

export interface ExpireLeasesParts {
  readonly store: Store;
  readonly commits: CommitEvents;
  readonly databaseClock: DatabaseClock;
  readonly log: Log;
  readonly tally: Tally;
  readonly checkpoint: Checkpoint;
}

/**
 * Begins anew what was leased by somebody who has not been heard of since: the lease has ended. Judged again under the
 * instance's lock, where a renewal or an answer that came meanwhile is first.
 */
export class ExpireLeases {
  constructor(private readonly parts: ExpireLeasesParts) {}

  async execute(): Promise<void> {
    const { store, databaseClock, checkpoint } = this.parts;
    const first = (await store.earliest()).get(LEASED);
    if (first === undefined || first > databaseClock.now()) return;
    const now = await store.now();
    for (;;) {
      // Marks them as due now, so that no other engine takes them too while this one judges.
      const ended = await store.claimLost(LEASED, now, PAGE);
      if (ended.length > 0) checkpoint.reach('lease.found');
      await Promise.all(ended.map((stored) => this.expire(stored)));
      if (ended.length < PAGE) return;
    }
  }

  private async expire({ instance, flow, version, node: row }: Awaited<ReturnType<Store['claimLost']>>[number]) {
    const { commits, log, tally } = this.parts;
    const { node, visit, attempt, dispatch } = row;
    const event = { type: 'lease.expired', at: 0, node, visit, attempt, dispatch } as const;
    const outcome = await commits.execute({ instance, flow, version, event });
    if (outcome.type === 'rejected') tally.count(`rejected.${outcome.rejection.reason}`);
    if (outcome.type !== 'applied') return;
    tally.count('lease.expired');
    log.warn('A lease ended without a word; its task begins anew.', { instance, flow, node, visit, attempt });
  }
}
