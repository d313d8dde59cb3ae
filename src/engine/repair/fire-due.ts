import { degrades, handlerAt } from '../../core/definition/handlers.js';
import { nodeInstanceId } from '../../core/flow/instance.js';
import { DATABASE_TIMER, numberOf } from '../../core/routing/lane.js';
import { asking, receiptOf } from '../../core/routing/receipt.js';
import { route } from '../../core/routing/route.js';
import { partnerOf } from '../../core/routing/subject.js';
import { HOLD_MS } from '../commit/draft.js';
import type { Router } from '../health/router.js';
import type { DatabaseClock } from '../intake/database-clock.js';
import type { Catalog } from '../ports/catalog.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Moved, Store, StoredDispatch } from '../ports/store.js';
import type { Tally } from '../tally.js';
import type { Republish } from './republish.js';

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
      const due = await this.parts.store.claimDue(PAGE, (stored, now) => this.moved(stored, now));
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

  /**
   * Due again: routed afresh, since what was known when it began to wait may be hours old. A circuit that is open is
   * found again where the message arrives; what an operator holds stays here.
   */
  private moved({ instance, flow, version, node: row }: StoredDispatch, now: number): Moved {
    const kind = row.status === 'waiting' ? 'timer' : 'task';
    const node = this.parts.catalog.cached(flow, version)?.definition.nodes.get(row.node);
    const handler = handlerAt(node, row.visit);
    const partner = handler === null ? null : partnerOf(handler, { flow, node: row.node });
    const subject = kind === 'timer' ? null : (row.receipt?.subject ?? partner);
    const { snapshot } = this.parts.router;
    const decided = route(
      {
        kind,
        flow,
        handler,
        subject,
        id: nodeInstanceId(instance, row.node, row.visit),
        node: row.node,
        tags: node?.tags ?? [],
        attempt: row.attempt,
        polls: row.polls,
        cause: kind === 'timer' ? 'timer' : 'retry',
        delayMs: 0,
        ...(degrades(node, row.visit) && { degrades: true }),
      },
      snapshot,
      now,
    );
    const { lane, reason, action, delayMs } = decided;
    const receipt =
      subject === null || partner === null
        ? (row.receipt ?? null)
        : asking(receiptOf(decided, subject, partner, snapshot), row.receipt?.asked);
    if (action !== 'hold') return { lane, queue: numberOf(lane, snapshot.lanes), reason, receipt };
    return { lane, queue: DATABASE_TIMER, reason, receipt, wakeAt: now + Math.min(delayMs, HOLD_MS) };
  }
}
