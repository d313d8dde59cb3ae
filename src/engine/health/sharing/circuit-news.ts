import { circuitAt } from '../../../core/routing/health/circuit.js';
import { dimensionOf, type Subject } from '../../../core/routing/subject.js';
import type { OutgoingEvent } from '../../ports/broker.js';
import type { SharedSubject } from './health-store.js';

/** Bytes of a routing key, less what stands before the subject. */
const LONGEST_KEY = 200;

/**
 * Which circuits the outside was told of. An opening begins when a circuit is not closed any more, and ends when it is closed
 * again: what lies between, probes, a ramp and further openings, is one story.
 */
export class CircuitNews {
  private readonly since = new Map<Subject, number>();

  /** What is written when this engine begins to judge was told by whoever wrote it. */
  begin(subjects: readonly SharedSubject[], now: number): void {
    this.since.clear();
    for (const { subject, circuit } of subjects) {
      const { state, since } = circuitAt(circuit, now);
      if (state !== 'closed') this.since.set(subject, since ?? now);
    }
  }

  /** What is to be told of changes that were just written. */
  of(written: readonly SharedSubject[], now: number): readonly OutgoingEvent[] {
    const news: OutgoingEvent[] = [];
    for (const { subject, circuit, version } of written) {
      const began = this.since.get(subject);
      if (circuit.state === 'closed') {
        if (began === undefined) continue;
        this.since.delete(subject);
        news.push(eventOf('closed', subject, version, { openedAt: iso(began), closedAt: iso(now) }));
        continue;
      }
      if (began !== undefined) continue;
      this.since.set(subject, now);
      const probesAt = circuit.state === 'open' ? iso(circuit.until) : null;
      news.push(eventOf('opened', subject, version, { cause: circuit.cause, openedAt: iso(now), probesAt }));
    }
    return news;
  }
}

/** A subject as a part of a routing key. */
export const keyOf = (subject: Subject): string => subject.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, LONGEST_KEY);

function eventOf(
  what: 'opened' | 'closed',
  subject: Subject,
  version: number,
  more: Readonly<Record<string, string | null>>,
): OutgoingEvent {
  const own = dimensionOf(subject);
  const dims = own ? { [own.name]: own.value } : {};
  const key = keyOf(subject);
  return {
    id: `circuit:${version}:${what}:${key}`,
    routingKey: `circuit.${what}.${key}`,
    body: { subject, dims, version, ...more },
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
