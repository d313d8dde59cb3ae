import { asksOf } from '../../../core/definition/handlers.js';
import { nodeInstanceId } from '../../../core/flow/instance.js';
import { groupOf } from '../../../core/routing/lane.js';
import type { DatabaseClock } from '../../intake/database-clock.js';
import type { Catalog } from '../../ports/catalog.js';
import type { Clock } from '../../ports/clock.js';
import type { StoredDispatch } from '../../ports/store.js';
import type { Republish } from '../../repair/republish.js';
import { routeAnew } from '../../repair/route-anew.js';
import type { Tally } from '../../tally.js';
import type { KeepLanes, LaneQueue } from '../lanes/keep-lanes.js';
import type { Router } from '../router.js';
import type { GroupStore } from './group-store.js';
import type { KnowGroups } from './know-groups.js';

/** Dispatches that are read by one statement, and statements of one round. */
const PAGE = 500;
const PAGES = 20;
/** For so many of its intervals after a change, other engines may still send to a group that is gone. */
const UNSETTLED = 5;
/** What is due later than this has not been handed out. */
const AHEAD_MS = 1_000;

export interface GiveAwayParts {
  readonly databaseClock: DatabaseClock;
  readonly catalog: Pick<Catalog, 'cached' | 'get'>;
  readonly router: Pick<Router, 'snapshot'>;
  readonly lanes: Pick<KeepLanes, 'all' | 'groups'>;
  readonly republish: Republish;
  readonly clock: Clock;
  readonly tally: Tally;
}

/**
 * What waits in the lanes of a group that is gone, and could be done by one that is up, is given to that one: the same attempt
 * under the next number, so that the message which still lies there is stale. The rest waits on.
 */
export class GiveAway {
  /** How far each lane was read; what is left waits behind that. */
  private readonly places = new Map<number, StoredDispatch>();
  private seen = 0;
  private until = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: GiveAwayParts) {}

  /** Looks only for a while after groups have changed. */
  async execute(): Promise<void> {
    const { lanes, clock } = this.parts;
    const { groups } = lanes;
    if (!groups?.current.isDivided) return;
    if (groups.changes !== this.seen) {
      this.seen = groups.changes;
      this.until = clock.now() + UNSETTLED * groups.everyMs;
      this.places.clear();
    }
    if (clock.now() > this.until && this.places.size === 0) return;
    for (const queue of lanes.all) {
      const group = groupOf(queue.lane);
      if (group !== null && !groups.current.isUp(group)) await this.round(queue, group, groups);
      else this.places.delete(queue.number);
    }
  }

  private async round({ number }: LaneQueue, group: string, { store, oldMs }: KnowGroups): Promise<void> {
    const now = this.parts.databaseClock.now();
    for (let pages = 0; pages < PAGES; pages++) {
      const page = await store.waiting(number, this.places.get(number) ?? null, PAGE);
      const rows: StoredDispatch[] = [];
      for (const stored of page)
        if (isSettled(stored, now, oldMs) && (await this.isAnothers(stored, group))) rows.push(stored);
      if (rows.length > 0) await this.give(number, rows, store);
      const last = page.at(-1);
      if (last === undefined || page.length < PAGE) {
        this.places.delete(number);
        return;
      }
      this.places.set(number, last);
    }
  }

  private async isAnothers({ instance, flow, version, node: row }: StoredDispatch, group: string): Promise<boolean> {
    const { catalog, router } = this.parts;
    // A definition that cannot be read keeps its work here.
    const published = catalog.cached(flow, version) ?? (await catalog.get(flow, version).catch(() => null));
    const asks = asksOf(published?.definition.nodes.get(row.node), row.visit);
    const { groups } = router.snapshot;
    if (asks === null || !groups) return false;
    const where = groups.where(asks, nodeInstanceId(instance, row.node, row.visit));
    return where.type === 'anywhere' || (where.type === 'has' && where.group !== group);
  }

  private async give(queue: number, rows: readonly StoredDispatch[], store: GroupStore): Promise<void> {
    const { rows: moved, now } = await store.move(queue, rows, (stored, at) => routeAnew(this.parts, stored, at));
    this.parts.tally.count('group.moved', moved.length);
    await this.parts.republish.at(moved, now);
  }
}

/**
 * Whether its message, should it be taken after all, is looked up before it runs: it was sent to wait, or was due for so long that
 * whoever takes it looks.
 */
const isSettled = ({ node: { wakeAt } }: StoredDispatch, now: number, oldMs: number): boolean =>
  wakeAt !== null && (now - wakeAt >= oldMs || wakeAt - now > AHEAD_MS);
