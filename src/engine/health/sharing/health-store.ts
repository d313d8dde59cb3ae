import type { Circuit } from '../../../core/routing/health/circuit.js';
import type { Latency } from '../../../core/routing/health/latency.js';
import type { Subject } from '../../../core/routing/subject.js';

/** What all engines know of one subject, as it was last decided. */
export interface SharedSubject {
  readonly subject: Subject;
  readonly circuit: Circuit;
  readonly latency: Latency;
  /** Of the change that brought it here; rises by one with every change of any subject. */
  readonly version: number;
}

/** Where the shared knowledge stands. Another incarnation: it is not the one that was known, and nothing of it holds. */
export interface HealthEpoch {
  readonly incarnation: string;
  readonly version: number;
}

export interface SharedHealth extends HealthEpoch {
  readonly subjects: readonly SharedSubject[];
}

/** The health of partners as all engines share it: written on transitions only, under one lock. */
export abstract class HealthStore {
  abstract epoch(): Promise<HealthEpoch>;

  /** The subjects that changed after `version`; 0: all of them. What is answered is what was committed at one moment. */
  abstract after(version: number): Promise<SharedHealth>;

  /**
   * Writes subjects under the versions that follow `expected`, all or none. `null`: the version is another one by now,
   * so somebody else wrote, and nothing was written. A circuit that is written open or half-open brings its probes.
   */
  abstract write(
    expected: HealthEpoch,
    changes: readonly Omit<SharedSubject, 'version'>[],
  ): Promise<readonly SharedSubject[] | null>;

  /** Takes one of the probes of a subject as it stood at `version`; `false`: none is left, or it changed. */
  abstract takeProbe(subject: Subject, version: number): Promise<boolean>;

  /** Gives one back that told nothing. */
  abstract returnProbe(subject: Subject, version: number): Promise<void>;

  /** How many are left of a subject as it stood at `version`; `null`: it changed. */
  abstract probesLeft(subject: Subject, version: number): Promise<number | null>;
}
