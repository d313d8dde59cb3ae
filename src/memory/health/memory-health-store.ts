import { POLICY } from '../../core/routing/policy.js';
import type { Subject } from '../../core/routing/subject.js';
import {
  type HealthEpoch,
  HealthStore,
  type SharedHealth,
  type SharedSubject,
} from '../../engine/health/sharing/health-store.js';

/** The shared health for as long as the process lives. Each method runs in one turn: no locks. */
export class MemoryHealthStore extends HealthStore {
  readonly #subjects = new Map<Subject, SharedSubject & { probes: number }>();
  #version = 0;

  constructor(private readonly incarnation = 'memory') {
    super();
  }

  override async epoch(): Promise<HealthEpoch> {
    return { incarnation: this.incarnation, version: this.#version };
  }

  override async after(version: number): Promise<SharedHealth> {
    const later = [...this.#subjects.values()]
      .filter((one) => one.version > version)
      .sort((a, b) => a.version - b.version);
    return { ...(await this.epoch()), subjects: later.map(({ probes: _, ...one }) => copy(one)) };
  }

  override async write(
    { incarnation, version }: HealthEpoch,
    changes: readonly Omit<SharedSubject, 'version'>[],
  ): Promise<readonly SharedSubject[] | null> {
    if (incarnation !== this.incarnation || version !== this.#version) return null;
    return changes.map((change) => {
      this.#version++;
      const one: SharedSubject = copy({ ...change, version: this.#version });
      this.#subjects.set(one.subject, { ...one, probes: POLICY.circuit.probes });
      return one;
    });
  }

  override async takeProbe(subject: Subject, version: number): Promise<boolean> {
    const one = this.#subjects.get(subject);
    if (one?.version !== version || one.probes <= 0) return false;
    one.probes--;
    return true;
  }

  override async returnProbe(subject: Subject, version: number): Promise<void> {
    const one = this.#subjects.get(subject);
    if (one?.version === version && one.probes < POLICY.circuit.probes) one.probes++;
  }

  override async probesLeft(subject: Subject, version: number): Promise<number | null> {
    const one = this.#subjects.get(subject);
    return one?.version === version ? one.probes : null;
  }
}

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
