import {
  LANE_NAMES,
  LANES,
  type LaneName,
  type NamedLane,
  type WantedLane,
  wantedLanes,
} from '../../../core/routing/lane.js';
import type { Override, Rule } from '../../../core/routing/rules.js';
import type { Broker, Consumer } from '../../ports/broker.js';
import type { Log } from '../../ports/log.js';
import type { Tally } from '../../tally.js';
import {
  forgottenLanes,
  isConsumed,
  isOfGroup,
  isStaffed,
  type LanePlaces,
  lanesOfGroup,
} from '../groups/group-lanes.js';
import type { KnowGroups } from '../groups/know-groups.js';
import type { Router } from '../router.js';
import type { LaneStore } from './lane-store.js';

/** Rounds without anybody who wants it, before a lane closes; and rounds for all engines to hear of a change. */
const UNWANTED_ROUNDS = 6;
const SETTLE_ROUNDS = 2;
/** Dispatches moved by one statement. */
const PAGE = 500;

/** What is said of lanes. */
export interface LaneOrders {
  readonly rules: readonly Pick<Rule, 'lane'>[];
  readonly overrides: readonly Pick<Override, 'lane' | 'until'>[];
  /** Those that files and published rules declare. */
  readonly lanes?: readonly WantedLane[];
  /** Those that the installation has. */
  readonly named?: readonly NamedLane[];
}

export interface KeepLanesParts {
  readonly broker: Broker;
  readonly router: Pick<Router, 'useLanes'>;
  /** Left out: there are no named lanes. */
  readonly store?: LaneStore | undefined;
  /** Which engines there are beside this one; left out: none. */
  readonly groups?: KnowGroups | null;
  readonly places: LanePlaces;
  readonly now: () => number;
  readonly everyMs: number;
  readonly log: Log;
  readonly tally: Tally;
}

export interface LaneQueue {
  readonly lane: LaneName;
  readonly number: number;
}

interface Consumed {
  readonly places: number;
  readonly consumer: Consumer;
}

const BUILT_IN: readonly LaneQueue[] = LANE_NAMES.map((lane) => ({ lane, number: LANES[lane] }));

/**
 * Named lanes: opens what rules name, consumes what is open, and takes away what nobody names any more, after what lies
 * in it is done. Every engine does the same; the database says who was first.
 */
export class KeepLanes {
  /** What rules name; then with the lanes of the own group, where there are several. */
  private ruled: readonly WantedLane[] = [];
  private wanted: readonly WantedLane[] = [];
  private known: readonly NamedLane[] = [];
  /** What was said of lanes is new. */
  private fresh = false;
  private full: readonly string[] = [];
  private readonly consumed = new Map<LaneName, Consumed>();
  private announce: () => Promise<void> = async () => {};
  private begin: ((lane: LaneName, places: number) => Promise<Consumer>) | null = null;
  private working: Promise<void> = Promise.resolve();

  constructor(private readonly parts: KeepLanesParts) {
    parts.groups?.onChange(() => this.regroup());
  }

  get groups(): KnowGroups | null {
    return this.parts.groups ?? null;
  }

  /** Every lane that has messages: the built-in ones, and named ones till they are closed. */
  get all(): readonly LaneQueue[] {
    return this.known.length === 0 ? BUILT_IN : [...BUILT_IN, ...this.known.filter(isThere).map(queueOf)];
  }

  get named(): readonly NamedLane[] {
    return this.known;
  }

  /** Those that some engine works on. */
  get staffed(): readonly LaneQueue[] {
    return this.groups?.current.isDivided ? this.all.filter(({ lane }) => isStaffed(lane, this.groups)) : this.all;
  }

  /** Lanes for which there is no room; what rules send there goes where it would go without them. */
  get refused(): readonly string[] {
    return this.full;
  }

  /** Hears what people say now, and which lanes there are. */
  follow({ rules, overrides, lanes = [], named = [] }: LaneOrders): void {
    if (!this.parts.store) return;
    const now = this.parts.now();
    this.ruled = wantedLanes(lanes, [...rules, ...overrides.filter(({ until }) => until > now)]);
    const parts = (all: readonly NamedLane[]): string => JSON.stringify(all.filter(isOfGroup));
    if (this.groups && parts(named) !== parts(this.known)) {
      this.groups.expire();
      this.after(() => this.look());
    }
    this.known = named;
    this.after(() => this.settle());
    this.regroup();
  }

  /** Which lanes are wanted, by rules and as part of a group; opens those that are not there. */
  private regroup(): void {
    const wanted = [...this.ruled, ...lanesOfGroup(this.groups, this.ruled, this.parts.places)];
    this.fresh ||= JSON.stringify(wanted) !== JSON.stringify(this.wanted);
    this.wanted = wanted;
    if (this.fresh || this.missing) this.after(() => this.want());
  }

  private get missing(): boolean {
    return this.wanted.some(({ name }) => !this.known.some((one) => one.name === name && one.state === 'open'));
  }

  private async look(): Promise<void> {
    await this.groups?.round(this.known.some(isOfGroup));
  }

  /** How the other engines, and this one, are told at once of a lane that has changed. */
  announceBy(announce: () => Promise<void>): void {
    this.announce = announce;
  }

  /** From now on lanes are consumed. */
  async consumeBy(consume: (lane: LaneName, places: number) => Promise<Consumer>): Promise<void> {
    this.begin = consume;
    this.after(() => this.look());
    this.after(() => this.settle());
    await this.working;
  }

  async stop(): Promise<void> {
    this.begin = null;
    await this.working;
    const consumers = [...this.consumed.values()];
    this.consumed.clear();
    await Promise.all(consumers.map(({ consumer }) => consumer.stop()));
  }

  /** Says that this engine is gone, once nothing is in its hands any more. */
  async leave(): Promise<void> {
    await this.groups?.leave().catch(() => {});
  }

  /** One round of looking after them. Without named lanes it asks nobody anything. */
  async execute(): Promise<void> {
    const { store, broker, everyMs, tally } = this.parts;
    await this.look();
    if (!store || !this.isBusy) return;
    await this.want();
    this.after(() => this.settle());
    await this.working;
    let changed = await store.retire(everyMs * UNWANTED_ROUNDS);
    for (const { name } of forgottenLanes(this.known, this.groups))
      changed = (await store.move(name, 'open', 'closing')) || changed;
    for (const { name, state } of await store.leaving(everyMs * SETTLE_ROUNDS)) {
      if (state === 'closing' && (await broker.depth(name)) === 0)
        changed = (await store.move(name, 'closing', 'closed')) || changed;
      if (state !== 'closed') continue;
      await broker.dropLane(name);
      changed = (await store.move(name, 'closed', 'gone')) || changed;
    }
    if (changed) await this.announce();
    let moved = PAGE;
    while (moved === PAGE) {
      moved = await store.empty(PAGE);
      if (moved > 0) tally.count('lane.emptied', moved);
    }
  }

  /** Lanes of groups that are there, and stay, need nobody to look after them. */
  private get isBusy(): boolean {
    if (this.ruled.length > 0 || this.missing) return true;
    return (
      forgottenLanes(this.known, this.groups).length > 0 ||
      !this.known.every((one) => isOfGroup(one) && one.state === 'open')
    );
  }

  private async want(): Promise<void> {
    if (!this.parts.store || this.wanted.length === 0) return;
    const settles = this.fresh;
    this.fresh = false;
    const { full, changed } = await this.parts.store.want(this.wanted, settles).catch((fault: unknown) => {
      this.fresh ||= settles;
      throw fault;
    });
    for (const lane of full.filter((name) => !this.full.includes(name)))
      this.parts.log.error(`Expected room for the lane '${lane}', but there are too many. Let rules name fewer.`, {
        lane,
      });
    this.full = full;
    if (changed) await this.announce();
  }

  /** Queues, consumers and the router come to be what the installation has. */
  private async settle(): Promise<void> {
    const there = this.known.filter(isThere);
    if (there.length === 0 && this.consumed.size === 0) return this.parts.router.useLanes(new Map());
    await this.parts.broker.useLanes(there.map(({ name, state }) => ({ name, leaving: state !== 'open' })));
    const mine = there.filter((lane) => isConsumed(lane, this.groups));
    for (const [name, { places, consumer }] of this.consumed) {
      if (mine.some((one) => one.name === name && one.concurrency === places)) continue;
      this.consumed.delete(name);
      await consumer.stop();
    }
    for (const { name, concurrency } of mine) {
      if (!this.begin || this.consumed.has(name)) continue;
      this.consumed.set(name, { places: concurrency, consumer: await this.begin(name, concurrency) });
    }
    const open = there.filter(({ state }) => state === 'open');
    this.parts.router.useLanes(new Map(open.map(({ name, number }) => [name, number])));
  }

  /** One thing after another; what fails is tried again by the next round. */
  private after(work: () => Promise<void> | void): void {
    this.working = this.working.then(work).catch((fault: unknown) => {
      this.parts.log.warn('The named lanes could not be seen to; it is tried again.', { fault: String(fault) });
    });
  }
}

const isThere = ({ state }: NamedLane): boolean => state === 'open' || state === 'closing';
const queueOf = ({ name, number }: NamedLane): LaneQueue => ({ lane: name, number });
