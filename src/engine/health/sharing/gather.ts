import type { Call } from '../../../core/routing/health/circuit.js';
import { BUCKETS, bucketOf } from '../../../core/routing/health/histogram.js';
import type { Subject } from '../../../core/routing/subject.js';
import type { Seen } from './health-bus.js';

/** Subjects whose failures in a row are remembered from one report to the next. */
const MOST_RUNS = 5_000;

class Gathered {
  calls = 0;
  failed = 0;
  slow = 0;
  head = 0;
  tail = 0;
  run = 0;
  probesOk = 0;
  probesFailed = 0;
  readonly buckets = new Uint32Array(BUCKETS);

  constructor(readonly subject: Subject) {}
}

/** Sums up the calls of this process between two reports, subject by subject. */
export class Gather {
  private gathered = new Map<Subject, Gathered>();
  /** Failures in a row that have not ended yet. */
  private readonly runs = new Map<Subject, number>();

  get isEmpty(): boolean {
    return this.gathered.size === 0;
  }

  add(subject: Subject, { failed, slow, probe }: Call, durationMs: number): void {
    const sums = this.of(subject);
    sums.calls++;
    sums.slow += Number(slow);
    if (failed) {
      const run = (this.runs.get(subject) ?? 0) + 1;
      if (this.runs.size >= MOST_RUNS) this.runs.clear();
      this.runs.set(subject, run);
      sums.failed++;
      sums.tail++;
      if (sums.failed === sums.calls) sums.head++;
      sums.run = Math.max(sums.run, run);
      sums.probesFailed += Number(probe);
    } else {
      if (this.runs.size > 0) this.runs.delete(subject);
      sums.tail = 0;
      sums.probesOk += Number(probe);
    }
    const bucket = bucketOf(durationMs);
    sums.buckets[bucket] = (sums.buckets[bucket] as number) + 1;
  }

  /** Says that a subject failed so often in a row, without a call of its own: for what was learnt while nobody listened. */
  claim(subject: Subject, run: number): void {
    const sums = this.of(subject);
    sums.run = Math.max(sums.run, run);
  }

  /** Hands out the sums and begins anew. */
  take(): readonly Seen[] {
    const seen = [...this.gathered.values()].map(({ buckets, ...sums }): Seen => {
      const times: number[] = [];
      for (const [bucket, count] of buckets.entries()) if (count > 0) times.push(bucket, count);
      return { ...sums, times };
    });
    this.gathered = new Map();
    return seen;
  }

  private of(subject: Subject): Gathered {
    const known = this.gathered.get(subject);
    if (known) return known;
    const sums = new Gathered(subject);
    this.gathered.set(subject, sums);
    return sums;
  }
}
