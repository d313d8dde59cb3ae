import { type Call, type Circuit, circuitAt } from '../../core/routing/health/circuit.js';
import type { Latency } from '../../core/routing/health/latency.js';
import { POLICY } from '../../core/routing/policy.js';
import type { Subject } from '../../core/routing/subject.js';
import type { Verdict } from './verdict.js';
import type { Window } from './window.js';

/** A subject under watch. */
export interface Watched {
  circuit: Circuit;
  latency: Latency;
  readonly window: Window;
  /** Leaves below it that had a call; only parents have any. */
  readonly children: Set<Subject>;
  judgedAt: number;
  seenAt: number;
  /** Set while its circuit is the one that all engines share: the version that it came with. */
  shared: number | null;
}

/** A subject as people see it. */
export interface SubjectReport {
  readonly subject: Subject;
  readonly circuit: Circuit;
  /** The class as last judged, with the figures of the last minute. */
  readonly latency: Latency;
  /** Calls in the last minute, and how many of them failed. */
  readonly calls: number;
  readonly failed: number;
  /** When it was last called; database time. */
  readonly seenAt: number;
}

/** A subject that went from one state, or class, to another. */
export interface Turn {
  readonly subject: Subject;
  readonly from: string;
  readonly to: string;
  /** Why, where it is more than the time that passed. */
  readonly cause: string | null;
  /** Database time. */
  readonly at: number;
}

/** The latest turns of this process, the newest first. */
export class Turns {
  private readonly all: Turn[] = [];

  add(turn: Turn): void {
    this.all.unshift(turn);
    if (this.all.length > MOST_TURNS) this.all.length = MOST_TURNS;
  }

  get latest(): readonly Turn[] {
    return this.all;
  }
}

const MOST_TURNS = 100;

/** What one call was like. */
export interface Observation {
  readonly verdict: Verdict;
  readonly durationMs: number;
  /** It was let through as a probe. */
  readonly probe: boolean;
}

export const callOf = ({ verdict, durationMs, probe }: Observation): Call => ({
  failed: verdict === 'failed',
  slow: durationMs >= POLICY.circuit.slowCallMs,
  probe,
});

/** What is known of everybody at a database time, the unwell first. */
export function reportOf(watched: ReadonlyMap<Subject, Watched>, now: number): readonly SubjectReport[] {
  const rank = ({ circuit, latency }: SubjectReport): number =>
    2 * Number(circuit.state !== 'closed') + Number(latency.class === 'slow');
  return [...watched]
    .map(([subject, { circuit, latency, window, seenAt }]) => {
      const { calls, failed } = window.sums(now);
      const figures = { ...latency, ...window.figures(now) };
      return { subject, circuit: circuitAt(circuit, now), latency: figures, calls, failed, seenAt };
    })
    .sort((a, b) => rank(b) - rank(a) || b.calls - a.calls);
}
