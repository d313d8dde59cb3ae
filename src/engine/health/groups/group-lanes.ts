import {
  type BuiltInLane,
  groupOf,
  inGroup,
  LANE_NAMES,
  type LaneName,
  type NamedLane,
  type WantedLane,
} from '../../../core/routing/lane.js';
import type { KnowGroups } from './know-groups.js';

/** How many messages of each built-in lane an engine has in hand at once; of a group's part of it as many. */
export type LanePlaces = Readonly<Record<BuiltInLane, number>>;

type Groups = Pick<KnowGroups, 'group' | 'current'> | null;

/** The lanes of the own group. While it is the only one, the lanes of all are its lanes. */
export function lanesOfGroup(groups: Groups, ruled: readonly WantedLane[], places: LanePlaces): readonly WantedLane[] {
  if (!groups?.current.isDivided || groups.group === null) return [];
  const { group } = groups;
  const builtIn = LANE_NAMES.map((lane) => ({ name: inGroup(lane, group), concurrency: places[lane] }));
  return [...builtIn, ...ruled.map(({ name, concurrency }) => ({ name: inGroup(name, group), concurrency }))];
}

export const isOfGroup = ({ name }: Pick<NamedLane, 'name'>): boolean => groupOf(name) !== null;

/** Whether this engine consumes it. What is left in a group's lane that closes is everybody's: who lacks a handler sends it on. */
export function isConsumed({ name, state }: NamedLane, groups: Groups): boolean {
  const group = groupOf(name);
  return group === null || state === 'closing' || group === groups?.group;
}

/** Whether some engine works on it; what lies in the lane of a group that is gone waits. */
export function isStaffed(lane: LaneName, groups: Groups): boolean {
  const group = groupOf(lane);
  return group === null || groups?.current.isUp(group) !== false;
}

/** Open lanes of groups of which no engine has been up for long. */
export function forgottenLanes(known: readonly NamedLane[], groups: Groups): readonly NamedLane[] {
  if (!groups) return [];
  return known.filter(({ name, state }) => {
    const group = groupOf(name);
    return group !== null && state === 'open' && !groups.current.has(group);
  });
}
