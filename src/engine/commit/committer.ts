import type { NodeRef } from '../../core/flow/event.js';
import type { Catalog } from '../ports/catalog.js';
import type { Checkpoint } from '../ports/checkpoint.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import { type Store, StoreUnavailable } from '../ports/store.js';
import type { Tuning } from '../ports/tuning.js';
import type { Tally } from '../tally.js';
import { awayMs, pause } from '../while-away.js';
import { breakageOf } from './breakage.js';
import type { Outlook } from './draft.js';
import { type Fold, foldBatch, needsActive } from './fold-batch.js';
import type { Beyond } from './messages/message-store.js';
import type { Outbox } from './outbox.js';
import { concernsAll, nodesOf, type Pending } from './pending.js';

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
    while (this.queue.length > 0) {
      const batch = this.queue.splice(0, this.parts.tuning.batch);
      try {
        await this.commit(batch);
        away = 0;
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
      }
    }
    this.running = false;
  }

  private async commit(batch: readonly Pending[]): Promise<void> {
    let fold: Fold | undefined;
    const byInstance = groupByInstance(batch);
    await this.prepare(batch);
    try {
      const { store, catalog, outlook } = this.parts;
      const all = new Set(batch.filter(({ event }) => concernsAll(event)).map(({ instance }) => instance));
      const answer = await store.apply({
        wanted: new Map(
          [...byInstance].map(([id, events]) => [id, distinct(events.flatMap(({ event }) => nodesOf(event)))]),
        ),
        wantsActive: (instance) => all.has(instance.id) || needsActive(catalog, instance),
        decide: (locked, now) => {
          fold = foldBatch(byInstance, locked, now, { catalog, ...outlook() });
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
    for (const { flow, version } of batch) {
      if (!this.parts.catalog.cached(flow, version)) await this.parts.catalog.get(flow, version);
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
      // Its definition was asked for before the transaction and is still not there: trying again would spin.
      if (known)
        this.breakage(
          pending,
          new Error(`Expected the definition ${flow} version ${version}, but it cannot be loaded.`),
        );
      else this.queue.unshift({ ...pending, flow, version });
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

  /** One event that cannot be applied becomes an incident on its node; if even that fails, it is logged and dropped. */
  private breakage(pending: Pending, fault: unknown): void {
    this.parts.tally.count('commit.broken');
    this.parts.log.error('An event could not be applied.', {
      instance: pending.instance,
      event: pending.event.type,
      fault: String(fault),
    });
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

function groupByInstance(batch: readonly Pending[]): Map<string, Pending[]> {
  const groups = new Map<string, Pending[]>();
  for (const pending of batch) {
    const group = groups.get(pending.instance);
    if (group) group.push(pending);
    else groups.set(pending.instance, [pending]);
  }
  return groups;
}

function distinct(refs: readonly NodeRef[]): readonly NodeRef[] {
  if (refs.length < 2) return refs;
  return [...new Map(refs.map((ref) => [`${ref.node}.${ref.visit}`, ref])).values()];
}

/** Settled events of one instance keep their order only within one committer, so an instance always has the same one. */
export function committerOf(instance: string, committers: number): number {
  let hash = 0;
  // The random tail of a UUIDv7; its head is the time and equal for many.
  for (let at = instance.length - 8; at < instance.length; at++) hash = (hash * 31 + instance.charCodeAt(at)) >>> 0;
  return hash % committers;
}
