import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { Handlers } from '../../ports/handlers.js';
import type { Identity } from '../../ports/identity.js';
import type { Log } from '../../ports/log.js';
import type { Store } from '../../ports/store.js';
import type { Tuning } from '../../ports/tuning.js';
import type { Tally } from '../../tally.js';
import type { GroupStore } from '../groups/group-store.js';
import { KnowGroups } from '../groups/know-groups.js';
import { Health } from '../health.js';
import { KeepLanes } from '../lanes/keep-lanes.js';
import type { LaneStore } from '../lanes/lane-store.js';
import type { LimitStore } from '../limits/limit-store.js';
import { Limits } from '../limits/limits.js';
import { Router } from '../router.js';
import type { HealthBus } from './health-bus.js';
import type { HealthStore } from './health-store.js';
import type { LaneWait } from './lane-news.js';
import { ShareHealth } from './share-health.js';

/** How the health of partners is shared with other engines. */
export interface Sharing {
  readonly store: HealthStore;
  readonly bus: HealthBus;
}

/** What all engines have in common beside the health of partners. */
export interface RoutingStores {
  /** Left out: rules that name lanes of their own have none. */
  readonly lanes?: LaneStore;
  /** Left out: nothing has a limit. */
  readonly limits?: LimitStore;
  /** Left out: this engine is alone, or like all others. */
  readonly groups?: GroupStore;
}

export interface WatchParts extends RoutingStores {
  /** Left out: this engine learns alone. */
  readonly sharing?: Sharing;
  readonly broker: Broker;
  readonly store: Pick<Store, 'earliest'>;
  readonly tuning: Tuning;
  readonly handlers: Handlers;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The router of an engine, its named lanes, and what tells it of the calls of others; `null`: it knows of its own alone.
 * @param now database time, as this process estimates it.
 */
export function watchHealth(
  { sharing, tuning, identity, clock, log, lanes: known, broker, handlers, ...parts }: WatchParts,
  now: () => number,
  tally: Tally,
): {
  readonly router: Router;
  readonly lanes: KeepLanes;
  readonly limits: Limits | null;
  readonly sharing: ShareHealth | null;
} {
  const health = new Health(log, tally);
  const router = new Router(health, now, tuning.watchHealth, tuning.prefetch);
  const { group, groups: times, works, laneEveryMs: everyMs, prefetch: places } = tuning;
  const own = { group: works === false ? null : (group ?? null), times, router, handlers, clock, now, log };
  const groups =
    parts.groups && group !== undefined
      ? new KnowGroups({ ...own, store: parts.groups, engine: identity.next() })
      : null;
  const lanes = new KeepLanes({ broker, router, store: known, groups, places, now, everyMs, log, tally });
  const announce: Broker['announce'] = (events) => broker.announce(events);
  const tell = { announce, clock, log };
  const limits = parts.limits ? new Limits(parts.limits, identity.next(), tell) : null;
  if (!sharing || !tuning.watchHealth) return { router, lanes, limits, sharing: null };
  const waits = async (): Promise<readonly LaneWait[]> => {
    const { all } = lanes;
    const earliest = await parts.store.earliest(all.map(({ number }) => number));
    return all.map(({ lane, number }) => ({ lane, dueAt: earliest.get(number) ?? null }));
  };
  const about = { ...sharing, announce, lanes: waits, engine: identity.next() };
  const shared = new ShareHealth(health, { ...about, clock, now, log, tally });
  router.shareBy(shared);
  return { router, lanes, limits, sharing: shared };
}
