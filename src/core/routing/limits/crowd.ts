import type { LaneName } from '../lane.js';
import { POLICY } from '../policy.js';

/** Lanes that many partners share, and where none may take the places of the others. */
const SHARED: ReadonlySet<LaneName> = new Set(['fast', 'normal']);

/** The messages that run in a lane at a moment, in one engine. */
export interface Crowd {
  readonly lane: LaneName;
  /** How many may run at once. */
  readonly places: number;
  readonly all: number;
  /** Those of the subject in question. */
  readonly own: number;
}

/**
 * Whether one subject takes too many of a lane's places: the lane is half full, and more than its part is the
 * subject's. What is left is kept for the others.
 */
export function isCrowding({ lane, places, all, own }: Crowd): boolean {
  const { fullFrom, fullAlone, ownPart } = POLICY.crowd;
  const full = places * (own === all ? fullAlone : fullFrom);
  return SHARED.has(lane) && all >= full && own >= Math.max(1, places * ownPart);
}

/** Whether a subject that was crowding has given way. */
export const hasGivenWay = (own: number, places: number): boolean => own < (places * POLICY.crowd.ownPart) / 2;
