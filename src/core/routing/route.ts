import type { LaneName } from './lane.js';
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
  return combine(opinions, message.delayMs, snapshot);
}

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

/** What opinions come to. `wantedMs`: the delay that was asked for before anybody was. */
export function combine(opinions: Opinion[], wantedMs: number, { saturated }: Snapshot): Route {
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
  if (lane === 'fast' && saturated.has('fast')) {
    lane = 'normal';
    const said = 'the lane fast is full';
    const spill: Opinion = { stage: 'pressure', code: 'pressure.fast', said, lane };
    opinions.push(spill);
    laneBy = spill;
    winner = actionBy ?? spill;
  }
  const trace = opinions.map((opinion): TraceLine => {
    const won: ('lane' | 'delay' | 'action')[] = [];
    if (opinion === laneBy) won.push('lane');
    if (opinion === delayBy) won.push('delay');
    if (opinion === actionBy) won.push('action');
    return { ...opinion, won };
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
    reason: `${lane}: ${winner.said}${action === 'fallback' ? DEGRADES : ''}${wait}`,
    trace,
  };
}

const DEGRADES = '; its node gives its fallback meanwhile';

const seconds = (ms: number): string => `${Math.ceil(ms / 100) / 10} s`;
