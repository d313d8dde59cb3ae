import type { Where } from './health/groups.js';
import { inGroup, isOpen, type LaneName } from './lane.js';
import type { Action, Opinion, Routable, TraceLine } from './opinion.js';
import type { Snapshot } from './snapshot.js';
import { chainFor, circuit, OPINIONS, override } from './stages.js';

/** Where a dispatch goes, when, and why. */
export interface Route {
  readonly action: Action;
  readonly lane: LaneName;
  readonly delayMs: number;
  /** Who decided: the code of the opinion that won the action, else the lane. */
  readonly code: string;
  /** A sentence for people, stored with the dispatch. */
  readonly reason: string;
  readonly trace: readonly TraceLine[];
}

/**
 * Decides the lane of one dispatch. Total and pure, and never in the way: whatever is unknown goes to `normal`. Whether
 * a node may be tried again at all is not its business.
 */
export function route(message: Routable, snapshot: Snapshot, now: number): Route {
  const opinions: Opinion[] = [];
  const context = { message, snapshot, now, chain: chainFor(message), opinions };
  for (const opine of OPINIONS) opine(context);
  return combine(opinions, message.delayMs, snapshot, whereOf(message, snapshot));
}

const whereOf = ({ handlers, id }: Routable, { groups }: Snapshot): Where | null =>
  groups === undefined || handlers === undefined ? null : groups.where(handlers, id);

/** What keeps a message back that has not been sent: a circuit, or an operator who takes one for open. `null`: nothing does. */
export function keptBack(message: Routable, snapshot: Snapshot, now: number): Opinion | null {
  const opinions: Opinion[] = [];
  const context = {
    message: { ...message, degrades: true as const },
    snapshot,
    now,
    chain: chainFor(message),
    opinions,
  };
  override(context);
  circuit(context);
  return opinions.find(({ action }) => action === 'fallback') ?? null;
}

/**
 * What opinions come to. `wantedMs`: the delay that was asked for before anybody was; `where`: who has the handlers. The lane is
 * chosen first: the part of it that is of the group has the same meaning for fewer engines.
 */
export function combine(
  opinions: Opinion[],
  wantedMs: number,
  { saturated, lanes }: Pick<Snapshot, 'saturated' | 'lanes'>,
  where: Where | null = null,
): Route {
  let laneBy: Opinion | undefined;
  let actionBy: Opinion | undefined;
  let delayBy: Opinion | undefined;
  let delayMs = wantedMs;
  for (const opinion of opinions) {
    if (opinion.lane !== undefined) laneBy ??= opinion;
    if (opinion.action !== undefined) actionBy ??= opinion;
    if (opinion.delayMs !== undefined && opinion.delayMs > delayMs) {
      delayBy = opinion;
      delayMs = opinion.delayMs;
    }
  }
  const chosen = laneBy ?? (opinions.at(-1) as Opinion);
  let winner = actionBy ?? chosen;
  let lane = chosen.lane ?? 'normal';
  const group = where !== null && 'group' in where ? where : null;
  const own = (of: LaneName): LaneName => (group === null ? of : partOf(of, group.group, lanes));
  if (lane === 'fast' && saturated.has(own('fast'))) {
    lane = 'normal';
    const said = `the lane ${own('fast')} is full`;
    const spill: Opinion = { stage: 'pressure', code: 'pressure.fast', said, lane };
    opinions.push(spill);
    laneBy = spill;
    winner = actionBy ?? spill;
  }
  let kept: Opinion | undefined;
  if (group !== null) {
    lane = own(lane);
    kept = { stage: 'group', code: `group.${group.type}`, said: group.said, lane };
    opinions.push(kept);
  }
  const trace = opinions.map((opinion): TraceLine => {
    const won: ('lane' | 'delay' | 'action')[] = [];
    if (opinion === laneBy || opinion === kept) won.push('lane');
    if (opinion === delayBy) won.push('delay');
    if (opinion === actionBy) won.push('action');
    return lineOf(opinion, won);
  });
  const by = delayBy !== undefined && delayBy !== winner ? ` (${delayBy.said})` : '';
  const action = actionBy?.action ?? 'publish';
  const waits = action === 'defer' || action === 'hold';
  const wait =
    delayMs <= 0 ? '' : waits ? `; looked at again in ${seconds(delayMs)}` : ` after ${Math.ceil(delayMs)} ms${by}`;
  return {
    action,
    lane,
    delayMs,
    code: winner.code,
    reason: `${lane}: ${winner.said}${kept ? `; ${kept.said}` : ''}${action === 'fallback' ? DEGRADES : ''}${wait}`,
    trace,
  };
}

/** Member by member: a spread makes objects of ever new shapes, for every dispatch. */
function lineOf({ stage, code, said, lane, delayMs, action }: Opinion, won: TraceLine['won']): TraceLine {
  const line: { -readonly [Key in keyof TraceLine]: TraceLine[Key] } = { stage, code, said, won };
  if (lane !== undefined) line.lane = lane;
  if (delayMs !== undefined) line.delayMs = delayMs;
  if (action !== undefined) line.action = action;
  return line;
}

/** A group's part of a lane is made a moment after the group is there. */
function partOf(lane: LaneName, group: string, open: Snapshot['lanes']): LaneName {
  const parts = [inGroup(lane, group), inGroup('normal', group)];
  return parts.find((part) => isOpen(part, open)) ?? lane;
}

const DEGRADES = '; its node gives its fallback meanwhile';

const seconds = (ms: number): string => `${Math.ceil(ms / 100) / 10} s`;
