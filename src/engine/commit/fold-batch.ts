import { graphOf } from '../../core/definition/graph.js';
import type { Instance } from '../../core/flow/instance.js';
import type { OutgoingDispatch } from '../ports/broker.js';
import type { Catalog } from '../ports/catalog.js';
import type { Changes, Locked } from '../ports/store.js';
import { Draft, type Outlook } from './draft.js';
import type { Beyond } from './messages/message-store.js';
import type { News } from './outbox.js';
import type { Outcome, Pending } from './pending.js';
import { withhold } from './withhold.js';

/** What one transaction came to: what to write, what to send once it is committed, and what became of each event. */
export interface Fold {
  readonly changes: readonly Changes[];
  readonly outgoing: readonly OutgoingDispatch[];
  readonly news: readonly News[];
  /** What was written beside the instances. */
  readonly beyonds: readonly Beyond[];
  readonly outcomes: ReadonlyMap<Pending, Outcome>;
  /** Events whose folding threw: a fault of the engine or of the stored state, never of its neighbours. */
  readonly broken: ReadonlyMap<Pending, unknown>;
  /** Events whose instance runs a definition that is not in the cache: with its right name, to be loaded and tried again. */
  readonly unready: readonly { readonly pending: Pending; readonly flow: string; readonly version: number }[];
}

/**
 * Folds the events of a batch into the locked instances, each instance on its own. Pure but for the catalog's cache:
 * it may be called again for the same batch after a deadlock, and then starts from nothing.
 */
export function foldBatch(
  batch: ReadonlyMap<string, readonly Pending[]>,
  locked: readonly Locked[],
  now: number,
  {
    catalog,
    unreadable,
    ...outlook
  }: Outlook & { readonly catalog: Pick<Catalog, 'cached'>; readonly unreadable?: WeakMap<Pending, unknown> },
): Fold {
  const changes: Changes[] = [];
  const outgoing: OutgoingDispatch[] = [];
  const news: News[] = [];
  const beyonds: Beyond[] = [];
  const outcomes = new Map<Pending, Outcome>();
  const broken = new Map<Pending, unknown>();
  const unready: { pending: Pending; flow: string; version: number }[] = [];

  for (const { instance, nodes } of locked) {
    const events = batch.get(instance.id) ?? [];
    const definition = catalog.cached(instance.flow, instance.version)?.definition;
    if (!definition) {
      const [first] = events;
      if (first && unreadable?.has(first)) {
        const held = withhold({ instance, nodes }, first, unreadable.get(first), now);
        outcomes.set(first, held ? APPLIED : UNREADABLE);
        if (held) {
          changes.push(held.changes);
          news.push(...held.news);
        }
      } else if (first) unready.push({ pending: first, flow: instance.flow, version: instance.version });
      // One at a time: each is judged by the row that the one before has left.
      for (const pending of events.slice(1)) unready.push({ pending, flow: instance.flow, version: instance.version });
      continue;
    }
    let draft = new Draft(definition, instance, nodes, outlook);
    const applied: Pending[] = [];
    for (const pending of events) {
      try {
        const rejection = draft.apply({ ...pending.event, at: now });
        outcomes.set(pending, rejection ? { type: 'rejected', rejection, doubtful: false } : APPLIED);
        if (!rejection) applied.push(pending);
      } catch (fault) {
        // The draft may be half changed: fold again what had applied before.
        broken.set(pending, fault);
        draft = new Draft(definition, instance, nodes, outlook);
        for (const earlier of applied) draft.apply({ ...earlier.event, at: now });
      }
    }
    if (applied.length === 0) continue;
    const change = draft.changes();
    changes.push(change);
    if (change.beyond) beyonds.push(change.beyond);
    outgoing.push(...draft.outgoing(now));
    news.push(...draft.news());
  }
  return { changes, outgoing, news, beyonds, outcomes, broken, unready };
}

const APPLIED: Outcome = { type: 'applied' };
const UNREADABLE: Outcome = {
  type: 'rejected',
  rejection: {
    reason: 'stale-attempt',
    message: 'Expected a definition that can be read, and a node instance to hold, but there is neither.',
  },
  doubtful: false,
};

/** Whether all active rows of an instance must be read: its definition has joins or ends that look at them. */
export const needsActive = (catalog: Pick<Catalog, 'cached'>, { flow, version }: Instance): boolean => {
  const definition = catalog.cached(flow, version)?.definition;
  return definition !== undefined && graphOf(definition).needsActive;
};
