import type { Catalog } from '../ports/catalog.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { type Store, StoreUnavailable } from '../ports/store.js';
import type { Tuning } from '../ports/tuning.js';
import type { Tally } from '../tally.js';
import { awayMs, pause } from '../while-away.js';
import { groupByInstance, wantedOf } from './batch.js';
import { breakageOf } from './breakage.js';
import type { Outlook } from './draft.js';
import { type Fold, foldBatch, needsActive } from './fold-batch.js';
import type { Beyond } from './messages/message-store.js';
import type { Outbox } from './outbox.js';
import { concernsAll, type Pending } from './pending.js';
import { isUnclassified, MOST_REFUSALS, Sift } from './sift.js';

export interface CommitterParts {
  readonly store: Store;
  readonly catalog: Catalog;
  readonly outbox: Outbox;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
  readonly tuning: Pick<Tuning, 'batch' | 'unconfirmed'>;
  readonly outlook: () => Outlook;
  /** Told of what was written beside instances, once it is committed. */
  readonly afterCommit: (beyonds: readonly Beyond[]) => void;
  readonly checkpoint: Checkpoint;
}

/** Tries to lock an instance that others hold before it is asked whether it exists at all. */
const MISSES = 3;

/** How long an event is put aside that the database refuses while it takes others. */
const REFUSED_PARK_MS = 30_000;

/** Longest wait between two tries for a lock. */
const LONGEST_PARK_MS = 200;

/**
 * Takes what has arrived, at most a batch, into one transaction; the next one leaves as soon as it is committed. No
 * timer gathers: under load the events that arrive during a commit are the next batch, and a single one goes at once.
 */
export class Committer {
  private queue: Pending[] = [];
  private running = false;
  private readonly misses = new WeakMap<Pending, number>();
  /** Events of a transaction whose outcome nobody knows. */
  private readonly doubtful = new WeakSet<Pending>();
  /** Events whose definition this release cannot read, with the reason. */
  private readonly unreadable = new WeakMap<Pending, unknown>();
  private inFlight: Promise<unknown>[] = [];
  /** Events that wait for somebody else's lock. */
  private parked = 0;

  constructor(private readonly parts: CommitterParts) {}

  get waiting(): number {
    return this.queue.length + this.parked;
  }

  /** Batches whose publishes are not confirmed yet. */
  get unconfirmed(): number {
    return this.inFlight.length;
  }

  offer(pending: Pending): void {
    this.queue.push(pending);
    if (this.running) return;
    this.running = true;
    // One turn later, so that events of one burst share the first transaction too.
    queueMicrotask(() => void this.run());
  }

  /** Resolves when everything offered so far is committed and its publishes are answered. */
  async idle(): Promise<void> {
    while (this.running || this.waiting > 0) await pause(this.parts.clock, 5);
    await Promise.all(this.inFlight);
  }

  private async run(): Promise<void> {
    let away = 0;
    let refusals = 0;
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, this.parts.tuning.batch);
      try {
        await this.commit(batch);
        away = 0;
        refusals = 0;
      } catch (fault) {
        // The results stay here and the deliveries unsettled: prefetch bounds both, and nothing is requeued in a storm.
        this.queue = [...batch, ...this.queue];
        for (const pending of batch) this.doubtful.add(pending);
        const waitMs = awayMs(away++);
        this.parts.tally.count('commit.away');
        this.parts.log.warn('The database did not take a batch; it is kept and tried again.', {
          waitMs,
          events: batch.length,
          fault: String(fault),
        });
        await pause(this.parts.clock, waitMs);
        refusals = isUnclassified(fault) ? refusals + 1 : 0;
        if (refusals >= MOST_REFUSALS) {
          refusals = 0;
          await this.sift(this.queue.splice(0, batch.length));
        }
      }
    }
    this.running = false;
  }

  /** What is left over is asked again later if the database takes others, else with them. */
  private async sift(batch: readonly Pending[]): Promise<void> {
    const sift = new Sift({
      commit: (some) => this.commit(some),
      broken: (pending, fault) => this.tellBroken(pending, fault),
    });
    const left = await sift.execute(batch);
    if (sift.tookSome) for (const pending of left) this.park(pending, REFUSED_PARK_MS);
    else this.queue = [...left, ...this.queue];
  }

  private async commit(batch: readonly Pending[]): Promise<void> {
    let fold: Fold | undefined;
    const byInstance = groupByInstance(batch);
    await this.prepare(batch);
    try {
      const { store, catalog, outlook } = this.parts;
      const all = new Set(batch.filter(({ event }) => concernsAll(event)).map(({ instance }) => instance));
      const answer = await store.apply({
        wanted: wantedOf(byInstance),
        wantsActive: (instance) => all.has(instance.id) || needsActive(catalog, instance),
        decide: (locked, now) => {
          fold = foldBatch(byInstance, locked, now, { catalog, unreadable: this.unreadable, ...outlook() });
          return fold.changes;
        },
      });
      this.parts.checkpoint.reach('committed');
      this.parts.tally.count('commit.batches');
      this.parts.tally.count('commit.events', batch.length);
      if (fold) await this.after(fold);
      await this.again(
        answer.skipped.flatMap((id) => byInstance.get(id) ?? []),
        fold?.unready ?? [],
      );
    } catch (fault) {
      if (fault instanceof StoreUnavailable) throw fault;
      await this.bisect(batch, fault);
    }
  }

  /** Definitions are compiled before the transaction, never while rows are locked. */
  private async prepare(batch: readonly Pending[]): Promise<void> {
    const { catalog } = this.parts;
    for (const pending of batch) {
      const { flow, version } = pending;
      try {
        if (!catalog.cached(flow, version)) await catalog.get(flow, version);
      } catch (fault) {
        if (fault instanceof StoreUnavailable) throw fault;
        this.unreadable.set(pending, fault);
      }
    }
  }

  /** Committed: send, then settle. Confirms are awaited beside the next batch; only so many batches may be unconfirmed. */
  private async after({ outgoing, news, beyonds, outcomes, broken }: Fold): Promise<void> {
    if (beyonds.length > 0) this.parts.afterCommit(beyonds);
    const settle = (): void => {
      for (const [pending, outcome] of outcomes) {
        pending.settle(outcome.type === 'rejected' ? { ...outcome, doubtful: this.doubtful.has(pending) } : outcome);
      }
    };
    if (outgoing.length === 0 && news.length === 0) settle();
    else {
      const { outbox, checkpoint } = this.parts;
      const confirmed = outbox.send(outgoing, news);
      checkpoint.reach('published');
      const sent = confirmed.then(() => {
        checkpoint.reach('confirmed');
        settle();
      });
      this.inFlight.push(sent);
      void sent.finally(() => (this.inFlight = this.inFlight.filter((other) => other !== sent)));
    }
    for (const [pending, fault] of broken) this.breakage(pending, fault);
    if (this.inFlight.length >= this.parts.tuning.unconfirmed) await Promise.race(this.inFlight);
  }

  /** Locked by another committer, or not there: next batch; after some misses a plain read tells which. */
  private async again(skipped: readonly Pending[], unready: Fold['unready']): Promise<void> {
    for (const { pending, flow, version } of unready) {
      const known = pending.flow === flow && pending.version === version;
      // Its definition was asked for before the transaction and is still not there: the next one makes it an incident.
      const again = known ? pending : { ...pending, flow, version };
      if (known && !this.unreadable.has(pending)) this.unreadable.set(pending, new Error('It is not there.'));
      this.queue.unshift(again);
    }
    if (skipped.length === 0) return;
    this.parts.tally.count('commit.skipped', skipped.length);
    const missed = skipped.map((pending) => ({ pending, misses: (this.misses.get(pending) ?? 0) + 1 }));
    for (const { pending, misses } of missed) this.misses.set(pending, misses);
    const doubtful = missed.filter(({ misses }) => misses % MISSES === 0).map(({ pending }) => pending.instance);
    const existing = doubtful.length > 0 ? await this.parts.store.existing([...new Set(doubtful)]) : null;
    for (const { pending, misses } of missed) {
      if (misses % MISSES === 0 && !existing?.has(pending.instance)) pending.settle({ type: 'unknown' });
      else this.park(pending, Math.min(LONGEST_PARK_MS, 2 ** misses));
    }
  }

  /** Whoever holds the lock is in a transaction of milliseconds; asking again at once would spin on it. */
  private park(pending: Pending, ms: number): void {
    this.parked++;
    this.parts.clock.schedule(ms, () => {
      this.parked--;
      this.offer(pending);
    });
  }

  /** The database refused the data of somebody in this batch: halves find whom, and the others go through. */
  private async bisect(batch: readonly Pending[], fault: unknown): Promise<void> {
    if (batch.length === 1) return this.breakage(batch[0] as Pending, fault);
    this.parts.tally.count('commit.bisected');
    const middle = batch.length >> 1;
    await this.commit(batch.slice(0, middle));
    await this.commit(batch.slice(middle));
  }

  private tellBroken({ instance, event }: Pending, fault: unknown): void {
    this.parts.tally.count('commit.broken');
    this.parts.log.error('An event could not be applied.', { instance, event: event.type, fault: String(fault) });
  }

  /** One event that cannot be applied becomes an incident on its node; if even that fails, it is logged and dropped. */
  private breakage(pending: Pending, fault: unknown): void {
    this.tellBroken(pending, fault);
    const incident = breakageOf(pending, fault);
    if (incident) this.offer(incident);
    else
      pending.settle({
        type: 'rejected',
        rejection: { reason: 'unknown-node-instance', message: String(fault) },
        doubtful: false,
      });
  }
}
