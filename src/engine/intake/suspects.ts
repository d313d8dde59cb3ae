import { ALONE_FROM } from '../../core/flow/tries/claim.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Outcome } from '../commit/pending.js';
import type { Delivery } from '../ports/broker.js';
import type { Log } from '../ports/log.js';
import type { Tally } from '../tally.js';
import type { DatabaseClock } from './database-clock.js';
import type { DeliveryReader } from './delivery-reader.js';
import { verdict } from './verdict.js';

/** From this delivery of a message on, whoever had it before may have died of it. */
const SUSPECT_FROM = 3;

export const isSuspect = ({ deliveries = 0 }: Pick<Delivery, 'deliveries'>): boolean => deliveries >= SUSPECT_FROM;

export interface SuspectsParts {
  readonly commits: CommitEvents;
  readonly reader: DeliveryReader;
  readonly databaseClock: DatabaseClock;
  readonly log: Log;
  readonly tally: Tally;
  readonly stop: AbortSignal;
}

/** What to do with a suspect once it may run, or when its claim was rejected. */
interface Ways {
  readonly perform: () => Promise<void>;
  readonly settle: (outcome: Outcome) => Promise<void>;
}

/**
 * Runs what was delivered again and again: each is counted in the database before it runs, and held for a person after
 * some counts. The last counts are of runs one at a time: what lay in hand beside the culprit comes back as often as
 * the culprit itself, and must not be held for deaths that it had no part in. The first are not, so that a few engines
 * killed under load do not make a queue of all that they had in hand.
 */
export class Suspects {
  private last: Promise<void> = Promise.resolve();

  constructor(private readonly parts: SuspectsParts) {}

  run(delivery: Delivery, ways: Ways): Promise<void> {
    if ((delivery.deliveries ?? 0) < ALONE_FROM) return this.one(delivery, ways);
    const turn = this.last.then(() => this.one(delivery, ways));
    this.last = turn.catch(() => {});
    return turn;
  }

  private async one(delivery: Delivery, { perform, settle }: Ways): Promise<void> {
    const { commits, reader, databaseClock, log, tally, stop } = this.parts;
    if (stop.aborted) return delivery.release();
    const { instance, flow, version, node, visit, attempt } = delivery.message;
    tally.count('delivery.claimed');
    const outcome = await commits.execute({
      instance,
      flow,
      version,
      event: { type: 'task.claimed', at: 0, node, visit, attempt, delivery: delivery.deliveries ?? 0 },
    });
    if (outcome.type !== 'applied') return settle(outcome);
    const { node: row } = await reader.read({ instance, node, visit, needs: null });
    if (row && verdict(delivery.message, row, databaseClock.now()) !== 'stale') return perform();
    // Another copy was answered meanwhile.
    if (row?.status !== 'incident') return delivery.ack();
    tally.count('crash.loops');
    log.error('A task is held as CRASH_LOOP: every process that ran it ended before it answered.', {
      instance,
      flow,
      node,
      visit,
      attempt,
    });
    delivery.ack();
  }
}
