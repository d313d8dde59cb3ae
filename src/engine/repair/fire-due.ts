import type { NodeInstance } from '../../core/flow/instance.js';
import { DATABASE_TIMER, LANES } from '../../core/routing/lane.js';
import { route } from '../../core/routing/route.js';
import type { DatabaseClock } from '../intake/database-clock.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Store } from '../ports/store.js';
import type { Tally } from '../tally.js';
import type { Republish } from './republish.js';

const PAGE = 500;

/** Moves what is due on the database timer to its lane. The dispatch number rises, so an older message is stale. */
export class FireDue {
  constructor(
    private readonly store: Store,
    private readonly republish: Republish,
    private readonly databaseClock: DatabaseClock,
    private readonly tally: Tally,
    private readonly checkpoint: Checkpoint,
  ) {}

  /** Answers how many fell due. */
  async execute(): Promise<number> {
    let fired = 0;
    const first = (await this.store.earliest()).get(DATABASE_TIMER);
    if (first === undefined || first > this.databaseClock.now()) return 0;
    for (;;) {
      const due = await this.store.claimDue(PAGE, moved);
      fired += due.length;
      if (due.length > 0) {
        this.checkpoint.reach('timer.claimed');
        await this.republish.due(due);
      }
      if (due.length < PAGE) break;
    }
    this.tally.count('timer.fired', fired);
    return fired;
  }
}

/** Due again: routed afresh, since what was known when it began to wait may be hours old. */
function moved(node: NodeInstance): { lane: keyof typeof LANES; queue: number; reason: string } {
  const kind = node.status === 'waiting' ? 'timer' : 'task';
  const { lane, reason } = route({
    kind,
    attempt: node.attempt,
    cause: kind === 'timer' ? 'timer' : 'retry',
    delayMs: 0,
  });
  return { lane, queue: LANES[lane], reason };
}
