import { DATABASE_TIMER } from '../../core/routing/lane.js';
import type { Router } from '../health/router.js';
import type { DatabaseClock } from '../intake/database-clock.js';
import type { Catalog } from '../ports/catalog.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Store } from '../ports/store.js';
import type { Tally } from '../tally.js';
import type { Republish } from './republish.js';
import { routeAnew } from './route-anew.js';

const PAGE = 500;

export interface FireDueParts {
  readonly store: Store;
  readonly catalog: Pick<Catalog, 'cached'>;
  readonly router: Pick<Router, 'snapshot'>;
  readonly republish: Republish;
  readonly databaseClock: DatabaseClock;
  readonly tally: Tally;
  readonly checkpoint: Checkpoint;
}

/** Moves what is due on the database timer to its lane. The dispatch number rises, so an older message is stale. */
export class FireDue {
  constructor(private readonly parts: FireDueParts) {}

  /** Answers how many fell due. */
  async execute(): Promise<number> {
    let fired = 0;
    const first = (await this.parts.store.earliest()).get(DATABASE_TIMER);
    if (first === undefined || first > this.parts.databaseClock.now()) return 0;
    for (;;) {
      const due = await this.parts.store.claimDue(PAGE, (stored, now) => routeAnew(this.parts, stored, now));
      fired += due.length;
      if (due.length > 0) {
        this.parts.checkpoint.reach('timer.claimed');
        await this.parts.republish.due(due);
      }
      if (due.length < PAGE) break;
    }
    this.parts.tally.count('timer.fired', fired);
    return fired;
  }
}
