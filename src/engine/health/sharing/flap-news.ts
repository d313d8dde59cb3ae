import { dimensionOf, type Subject } from '../../../core/routing/subject.js';
import type { OutgoingEvent } from '../../ports/broker.js';
import { keyOf } from './circuit-news.js';
import type { SharedSubject } from './health-store.js';

/** Which subjects the outside was told of because their latency class changed too often, and is kept for a while. */
export class FlapNews {
  private readonly until = new Map<Subject, number>();

  /** What is written when this engine begins to judge was told by whoever wrote it. */
  begin(subjects: readonly SharedSubject[], now: number): void {
    this.until.clear();
    for (const { subject, latency } of subjects)
      if (latency.frozenUntil !== null && latency.frozenUntil > now) this.until.set(subject, latency.frozenUntil);
  }

  /** What is to be told of changes that were just written. One that goes on is told once. */
  of(written: readonly SharedSubject[], now: number): readonly OutgoingEvent[] {
    return written.flatMap(({ subject, latency, version }): OutgoingEvent[] => {
      const { frozenUntil, changes, class: kept } = latency;
      if (frozenUntil === null || frozenUntil <= now) return [];
      const told = (this.until.get(subject) ?? 0) > now;
      this.until.set(subject, frozenUntil);
      if (told) return [];
      const own = dimensionOf(subject);
      const dims = own ? { [own.name]: own.value } : {};
      const body = { subject, dims, version, class: kept, changes: changes.length, keptUntil: iso(frozenUntil) };
      const key = keyOf(subject);
      return [{ id: `flapping:${version}:${key}`, routingKey: `subject.flapping.${key}`, body }];
    });
  }
}

const iso = (ms: number): string => new Date(ms).toISOString();
