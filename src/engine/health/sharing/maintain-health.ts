import { circuitAt } from '../../../core/routing/health/circuit.js';
import { POLICY } from '../../../core/routing/policy.js';
import type { Subject } from '../../../core/routing/subject.js';
import type { OutgoingEvent } from '../../ports/broker.js';
import { Log } from '../../ports/log.js';
import { Tally } from '../../tally.js';
import { Health } from '../health.js';
import { CircuitNews } from './circuit-news.js';
import { FlapNews } from './flap-news.js';
import type { HealthBus, HealthReport } from './health-bus.js';
import type { HealthEpoch, HealthStore, SharedSubject } from './health-store.js';

/** Engines whose last report is remembered, to know a copy. */
const MOST_ENGINES = 1_000;

/** Engines tell what comes of their calls themselves; who judges for all of them says nothing twice. */
class NoLog extends Log {
  override info(): void {}
  override warn(): void {}
  override error(): void {}
}

export interface MaintainParts {
  readonly store: HealthStore;
  readonly bus: Pick<HealthBus, 'tell'>;
  /** Tells the outside; left out: nobody listens. */
  readonly announce?: ((events: readonly OutgoingEvent[]) => Promise<unknown>) | undefined;
  /** Database time, as this process estimates it. */
  readonly now: () => number;
  readonly log: Log;
  readonly tally: Tally;
}

/**
 * Judges subjects by the calls of all engines, while it is the one that gets their reports. What becomes of a subject
 * is written first and told then; mere movement of numbers is neither. Who begins knows what is written, and nothing
 * of the calls before.
 */
export class MaintainHealth {
  private health: Health | null = null;
  private epoch: HealthEpoch = { incarnation: '', version: 0 };
  /** Subjects whose change is not written yet. */
  private readonly changed = new Set<Subject>();
  private readonly versions = new Map<Subject, number>();
  private readonly news = new CircuitNews();
  private readonly flaps = new FlapNews();
  private readonly numbers = new Map<string, number>();
  private heardAt = Number.NEGATIVE_INFINITY;
  private toldAt = Number.NEGATIVE_INFINITY;
  private restoredAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly parts: MaintainParts) {}

  /** Whether it is the one, as far as it can tell. */
  get isActive(): boolean {
    return this.parts.now() - this.heardAt < POLICY.share.absentMs;
  }

  /** Takes one report in. One at a time: who calls waits. A database that is away makes it reject. */
  async take({ engine, number, seen }: HealthReport): Promise<void> {
    const now = this.parts.now();
    // Silent for long, it may not have been the one meanwhile.
    if (!this.isActive) this.health = null;
    const health = this.health ?? (await this.load());
    this.heardAt = now;
    if (number <= (this.numbers.get(engine) ?? 0)) return;
    if (this.numbers.size >= MOST_ENGINES) this.numbers.clear();
    this.numbers.set(engine, number);
    for (const one of seen) health.take(one, now);
    health.pass(now);
    await this.restoreProbes(health, now);
    if (this.changed.size > 0) {
      if (await this.write(health)) return;
      // Somebody else judges too, or did: what is written holds, and what was just seen comes on top of it.
      const fresh = await this.load();
      for (const one of seen) fresh.take(one, now);
      if (this.changed.size > 0 && !(await this.write(fresh))) this.health = null;
    } else if (now - this.toldAt >= POLICY.share.toldMs) await this.tell(this.epoch.version, []);
  }

  /** This engine has heard how far what is written is: who judged before may have written what this one never read. */
  follow(version: number): void {
    if (version > this.epoch.version) this.forget();
  }

  /** What it knows holds no more; the next report begins with what is written. */
  forget(): void {
    this.health = null;
  }

  private async load(): Promise<Health> {
    const { incarnation, version, subjects } = await this.parts.store.after(0);
    const fresh = new Health(new NoLog(), new Tally(), (subject, what) => this.note(subject, what));
    for (const one of subjects) {
      fresh.adopt(one, this.parts.now());
      this.versions.set(one.subject, one.version);
    }
    this.changed.clear();
    this.news.begin(subjects, this.parts.now());
    this.flaps.begin(subjects, this.parts.now());
    this.epoch = { incarnation, version };
    this.health = fresh;
    this.parts.tally.count('health.maintained');
    this.parts.log.info('This engine judges the health of partners for all engines.', { subjects: subjects.length });
    return fresh;
  }

  /** That an opening has ended everybody knows by the time: it is not written. */
  private note(subject: Subject, what: 'circuit' | 'latency'): void {
    const state = this.health?.subjects.get(subject)?.circuit.state;
    if (what === 'latency' || (state && state !== 'half-open')) this.changed.add(subject);
  }

  /** `false`: the version is another one by now. */
  private async write(health: Health): Promise<boolean> {
    const changes = [...this.changed].flatMap((subject): Omit<SharedSubject, 'version'>[] => {
      const known = health.subjects.get(subject);
      return known ? [{ subject, circuit: known.circuit, latency: known.latency }] : [];
    });
    const from = this.epoch.version;
    const written = await this.parts.store.write(this.epoch, changes);
    if (written === null) return false;
    this.changed.clear();
    for (const { subject, version } of written) this.versions.set(subject, version);
    this.epoch = { ...this.epoch, version: from + written.length };
    this.parts.tally.count('health.written', written.length);
    await this.tell(from, written);
    const now = this.parts.now();
    const news = [...this.news.of(written, now), ...this.flaps.of(written, now)];
    if (news.length > 0) await this.parts.announce?.(news);
    return true;
  }

  private async tell(from: number, subjects: readonly SharedSubject[]): Promise<void> {
    this.toldAt = this.parts.now();
    await this.parts.bus.tell({ ...this.epoch, from, subjects });
  }

  /** Whoever took a probe may have died with it, and a circuit without probes would stay half-open for ever. */
  private async restoreProbes(health: Health, now: number): Promise<void> {
    const { probesLostMs } = POLICY.share;
    if (now - this.restoredAt < probesLostMs) return;
    this.restoredAt = now;
    for (const [subject, { circuit, seenAt }] of health.subjects) {
      const { state, since } = circuitAt(circuit, now);
      const version = this.versions.get(subject);
      if (state !== 'half-open' || version === undefined || now - Math.max(since ?? 0, seenAt) < probesLostMs) continue;
      const left = await this.parts.store.probesLeft(subject, version);
      if (left === null) {
        // Somebody else has judged and written meanwhile. Without reading that, nothing would ever be given out again.
        this.forget();
        this.restoredAt = Number.NEGATIVE_INFINITY;
        return;
      }
      if (left >= POLICY.circuit.probes) continue;
      health.probeAnew(subject, now);
      this.changed.add(subject);
    }
  }
}
