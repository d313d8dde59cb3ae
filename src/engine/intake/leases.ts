import type { TaskNode } from '../../core/definition/definition.js';
import type { FlowEvent } from '../../core/flow/event.js';
import type { CommitEvents } from '../commit/commit-events.js';
import type { Outcome } from '../commit/pending.js';
import type { DispatchMessage } from '../ports/broker.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Cancel, Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { DeliveryFacts } from '../ports/store.js';
import type { Tuning } from '../ports/tuning.js';
import type { Republish } from '../repair/republish.js';
import type { Tally } from '../tally.js';
import { whileAway } from '../while-away.js';
import type { RunAttempt } from './run-attempt.js';
import { type OwnStop, OwnStops } from './work/stops/own-stops.js';

/** How soon a task is looked at again that found as many leased handlers running as may. */
const FULL_MS = 15_000;
/** A lease is renewed after this part of it, so that two renewals in a row may fail. */
const RENEWALS = 3;

export interface LeasesParts {
  readonly commits: CommitEvents;
  readonly runAttempt: RunAttempt;
  readonly republish: Republish;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
  readonly tuning: Pick<Tuning, 'leaseMs' | 'leases'>;
  readonly stop: AbortSignal;
  /** Told of everything that a stop of the engine waits for. */
  readonly track: (work: Promise<void>) => void;
  readonly checkpoint: Checkpoint;
}

/**
 * Runs handlers that take longer than a broker lets a delivery be in hand. The row is leased first and the message
 * acknowledged at once; from then on the lease in the database says that somebody works on it, and its end says that
 * nobody does.
 */
export class Leases {
  private running = 0;
  private readonly stops = new OwnStops();

  constructor(private readonly parts: LeasesParts) {}

  /** How many run. */
  get size(): number {
    return this.running;
  }

  /** Takes the lease; when it is taken, the handler runs on by itself and the message may be acknowledged. */
  async begin(message: DispatchMessage, task: TaskNode, facts: Partial<DeliveryFacts>): Promise<Outcome> {
    const { tally, tuning, checkpoint, track } = this.parts;
    if (this.running >= tuning.leases) {
      tally.count('lease.full');
      return this.tell(message, { type: 'task.deferred', ...about(message), delayMs: FULL_MS });
    }
    this.running++;
    const outcome = await this.tell(message, { type: 'lease.taken', ...about(message), forMs: tuning.leaseMs });
    if (outcome.type !== 'applied') {
      this.running--;
      return outcome;
    }
    tally.count('lease.taken');
    checkpoint.reach('lease.taken');
    // Taking it has raised the number of the dispatch: whatever comes under the old one is a duplicate.
    track(this.work({ ...message, dispatch: message.dispatch + 1 }, task, facts).finally(() => this.running--));
    return outcome;
  }

  private async work(message: DispatchMessage, task: TaskNode, facts: Partial<DeliveryFacts>): Promise<void> {
    const { runAttempt, stop, tally, log } = this.parts;
    const lost = this.stops.begin(stop);
    const cancel = this.renew(message, lost);
    try {
      const event = await runAttempt.execute(message, task, facts, lost.signal);
      if (event) await this.answer(message, event);
      else if (!lost.isTold) {
        tally.count('lease.returned');
        await this.tell(message, { type: 'lease.returned', ...about(message) });
      }
    } catch (fault) {
      // Nothing known throws here. The lease ends by itself, and is then counted against the attempt.
      log.error('A leased attempt could not be run; it begins anew when its lease ends.', {
        instance: message.instance,
        node: message.node,
        fault: String(fault),
      });
    } finally {
      cancel();
      lost.end();
    }
  }

  private async answer(message: DispatchMessage, event: FlowEvent): Promise<void> {
    const { tally, clock, republish } = this.parts;
    const outcome = await this.tell(message, event);
    if (outcome.type !== 'rejected') return;
    tally.count(`rejected.${outcome.rejection.reason}`);
    // An earlier try may have committed without anybody knowing, and then nothing was published.
    if (outcome.doubtful) await whileAway(clock, () => republish.successors(message));
  }

  /** Renews until it is cancelled, or told that the lease is another's: then the handler is told to stop. */
  private renew(message: DispatchMessage, lost: OwnStop): Cancel {
    const { clock, tuning, tally, log } = this.parts;
    let over = false;
    let cancel: Cancel = () => {};
    const next = (): void => {
      cancel = clock.schedule(tuning.leaseMs / RENEWALS, () => void once());
    };
    const once = async (): Promise<void> => {
      const forMs = tuning.leaseMs;
      const outcome = await this.tell(message, { type: 'lease.renewed', ...about(message), forMs });
      if (over) return;
      if (outcome.type === 'applied') return next();
      tally.count('lease.lost');
      const { instance, node, visit, attempt } = message;
      log.warn('A leased handler is told to stop: its lease is over.', { instance, node, visit, attempt });
      lost.tell(new Error('Expected to hold the lease of this attempt, but it is over.'));
    };
    next();
    return () => {
      over = true;
      cancel();
    };
  }

  private tell({ instance, flow, version }: DispatchMessage, event: FlowEvent): Promise<Outcome> {
    return this.parts.commits.execute({ instance, flow, version, event });
  }
}

const about = ({ node, visit, attempt, dispatch }: DispatchMessage) => ({ at: 0, node, visit, attempt, dispatch });
