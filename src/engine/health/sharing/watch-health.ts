import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';
import type { Identity } from '../../ports/identity.js';
import type { Log } from '../../ports/log.js';
import type { Tuning } from '../../ports/tuning.js';
import type { Tally } from '../../tally.js';
import { Health } from '../health.js';
import { KeepLanes } from '../lanes/keep-lanes.js';
import type { LaneStore } from '../lanes/lane-store.js';
import { Router } from '../router.js';
import type { HealthBus } from './health-bus.js';
import type { HealthStore } from './health-store.js';
import { ShareHealth } from './share-health.js';

/** How the health of partners is shared with other engines. */
export interface Sharing {
  readonly store: HealthStore;
  readonly bus: HealthBus;
}

export interface WatchParts {
  /** Left out: this engine learns alone. */
  readonly sharing?: Sharing;
  /** Left out: there are no named lanes. */
  readonly lanes?: LaneStore;
  readonly broker: Broker;
  readonly tuning: Tuning;
  readonly identity: Identity;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The router of an engine, its named lanes, and what tells it of the calls of others; `null`: it knows of its own alone.
 * @param now database time, as this process estimates it.
 */
export function watchHealth(
  { sharing, tuning, identity, clock, log, lanes: store, broker }: WatchParts,
  now: () => number,
  tally: Tally,
): { readonly router: Router; readonly lanes: KeepLanes; readonly sharing: ShareHealth | null } {
  const health = new Health(log, tally);
  const router = new Router(health, now, tuning.watchHealth, tuning.prefetch);
  const lanes = new KeepLanes({ broker, router, store, now, everyMs: tuning.laneEveryMs, log, tally });
  if (!sharing || !tuning.watchHealth) return { router, lanes, sharing: null };
  const shared = new ShareHealth(health, { ...sharing, engine: identity.next(), clock, now, log, tally });
  router.shareBy(shared);
  return { router, lanes, sharing: shared };
}
