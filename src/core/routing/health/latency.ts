import { POLICY } from '../policy.js';

export type LatencyClass = 'fast' | 'normal' | 'slow';

/** How fast a subject is, as it was last judged. */
export interface Latency {
  readonly class: LatencyClass;
  /** Since when; `null`: nothing was ever known. */
  readonly since: number | null;
  /** Figures of the last judgement. */
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly samples: number;
  /** The class that the last figures asked for, and how many judgements running they did. */
  readonly wanted: LatencyClass;
  readonly running: number;
  /** When the class changed lately; for the guard against flapping. */
  readonly changes: readonly number[];
  readonly frozenUntil: number | null;
}

export const UNKNOWN_LATENCY: Latency = {
  class: 'normal',
  since: null,
  p50Ms: 0,
  p95Ms: 0,
  samples: 0,
  wanted: 'normal',
  running: 0,
  changes: [],
  frozenUntil: null,
};

export interface Figures {
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly samples: number;
}

const RANK = { fast: 0, normal: 1, slow: 2 } as const;

/**
 * Judges a subject by the handler times of its window. A class is entered and left at different figures, after several
 * judgements running, and kept for a while: figures that hover round a threshold change it once and not for ever.
 */
export function judge(latency: Latency, figures: Figures, now: number): Latency {
  const { minSamples, worseAfter, betterAfter, dwellMs } = POLICY.latency;
  if (figures.samples < minSamples) return { ...latency, ...figures, wanted: latency.class, running: 0 };
  const wanted = wantedBy(latency.class, figures.p95Ms);
  const running = wanted === latency.class ? 0 : wanted === latency.wanted ? latency.running + 1 : 1;
  const judged = { ...latency, ...figures, wanted, running };
  const worse = RANK[wanted] > RANK[latency.class];
  const kept = latency.since !== null && now - latency.since < dwellMs;
  if (running < (worse ? worseAfter : betterAfter) || kept) return judged;
  if (!worse && latency.frozenUntil !== null && now < latency.frozenUntil) return judged;
  return changed(judged, wanted, now);
}

/** Without a call for long nothing is known any more. */
export const forget = (latency: Latency, now: number): Latency =>
  latency.class === 'normal' ? latency : { ...UNKNOWN_LATENCY, since: now, changes: latency.changes };

function wantedBy(current: LatencyClass, p95Ms: number): LatencyClass {
  const { fastMs, leaveFastMs, slowMs, leaveSlowMs } = POLICY.latency;
  if (p95Ms >= slowMs || (current === 'slow' && p95Ms > leaveSlowMs)) return 'slow';
  return p95Ms <= fastMs || (current === 'fast' && p95Ms < leaveFastMs) ? 'fast' : 'normal';
}

function changed(latency: Latency, wanted: LatencyClass, now: number): Latency {
  const { mostChanges, changesWithinMs, freezeMs } = POLICY.latency;
  // From slow the way back leads through normal: a subject has to show twice that it is fast again.
  const next = latency.class === 'slow' && wanted === 'fast' ? 'normal' : wanted;
  const changes = [...latency.changes.filter((at) => now - at < changesWithinMs), now];
  const frozenUntil = changes.length > mostChanges ? now + freezeMs : latency.frozenUntil;
  return { ...latency, class: next, since: now, wanted: next, running: 0, changes, frozenUntil };
}
