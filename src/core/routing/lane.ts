/**
 * Lanes are queues with their own consumers and concurrency. The number is stored with each dispatch: it is the
 * physical queue that the sweep watches, so a number is never reused. 0 is the database timer. Numbers of named lanes
 * come from the database, and are `FIRST_NAMED` or more.
 */
export const LANES = { fast: 1, normal: 2, slow: 3, retry: 4, probe: 5 } as const;

/** The lanes that are always there. */
export type BuiltInLane = keyof typeof LANES;
export const LANE_NAMES = Object.keys(LANES) as readonly BuiltInLane[];

/** A built-in lane, or one that a rule has named. */
export type LaneName = string;

/** Queue number of dispatches that wait in the database alone. */
export const DATABASE_TIMER = 0;

/** Queue number of rows that somebody works on by a lease: no message is on its way, and `wakeAt` is the lease's end. */
export const LEASED = -1;

/** The lowest number of a named lane. */
export const FIRST_NAMED = 100;

export const isBuiltIn = (lane: LaneName): lane is BuiltInLane => Object.hasOwn(LANES, lane);

const NAME = /^[a-z][a-z0-9-]{0,31}$/;
/** Whether a lane may be called so; the broker's queue is named after it. */
export const isLaneName = (text: string): boolean => NAME.test(text);

const GROUP = /^[a-z][a-z0-9-]{0,30}$/;
/** Whether a group of engines may be called so: its lanes are named after it. */
export const isGroupName = (text: string): boolean => GROUP.test(text);

/** The lane of one group of engines, beside the lane that all of them consume. */
export const inGroup = (lane: LaneName, group: string): LaneName => `${lane}@${group}`;

/** Of which group of engines a lane is; `null`: of all. */
export const groupOf = (lane: LaneName): string | null => {
  const at = lane.indexOf('@');
  return at < 0 ? null : lane.slice(at + 1);
};

/** The lane that it is the part of one group of; itself, where it is of all. */
export const withoutGroup = (lane: LaneName): LaneName => {
  const at = lane.indexOf('@');
  return at < 0 ? lane : lane.slice(0, at);
};

/** Whether a message may be in a lane of this name. */
export const isLane = (text: string): boolean => {
  const group = groupOf(text);
  return isLaneName(withoutGroup(text)) && (group === null || isGroupName(group));
};

/** Named lanes that an installation may have open at once: each is a queue, and a channel of every engine. */
export const MOST_LANES = 32;
/** Lanes of groups that it may have open beside them: each is a queue, and a channel of every engine of the group. */
export const MOST_GROUP_LANES = 200;
/** Messages of a named lane that an engine has in hand at once, if nothing was said. */
export const USUAL_CONCURRENCY = 16;

/** A lane that rules name, or that a file declares. */
export interface WantedLane {
  readonly name: LaneName;
  /** Messages that each engine has in hand at once; `null`: nobody said. */
  readonly concurrency: number | null;
}

/**
 * `open`: messages go there. `closing`: none goes there any more, and engines work on what is left. `closed`: nobody
 * consumes it, and what was left is in `normal`. `gone`: its queue is deleted; its number stays its own.
 */
export type LaneState = 'open' | 'closing' | 'closed' | 'gone';

export interface NamedLane {
  readonly name: LaneName;
  readonly number: number;
  readonly concurrency: number;
  readonly state: LaneState;
}

/** Named lanes that messages may be sent to, with their numbers. */
export type OpenLanes = ReadonlyMap<LaneName, number>;

/** Whether messages may be sent to a lane; `open` left out: to every lane that is named. */
export const isOpen = (lane: LaneName, open: OpenLanes | undefined): boolean =>
  open === undefined || isBuiltIn(lane) || open.has(lane);

/** The number of a lane that a decision chose; a lane that went meanwhile leaves its message to the database timer. */
export const numberOf = (lane: LaneName, open: OpenLanes | undefined): number =>
  isBuiltIn(lane) ? LANES[lane] : (open?.get(lane) ?? DATABASE_TIMER);

/** Which named lanes are wanted, each once: what is declared, then what rules and overrides name. The first word on a lane counts. */
export function wantedLanes(
  declared: readonly WantedLane[],
  named: readonly { readonly lane: LaneName | null }[],
): readonly WantedLane[] {
  const wanted = new Map<LaneName, WantedLane>();
  for (const lane of declared) if (!wanted.has(lane.name)) wanted.set(lane.name, lane);
  for (const { lane } of named)
    if (lane !== null && !isBuiltIn(lane) && !wanted.has(lane)) wanted.set(lane, { name: lane, concurrency: null });
  return [...wanted.values()];
}

/** When the earliest of each queue is due, by number, and the time at which that was so. A queue in which nothing waits is left out. */
export type Earliest = ReadonlyMap<number, number> & { readonly now: number };
