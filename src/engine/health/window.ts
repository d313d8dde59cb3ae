import type { Call, Calls, Sums } from '../../core/routing/health/circuit.js';
import { BUCKETS, bucketOf, quantile } from '../../core/routing/health/histogram.js';
import type { Figures } from '../../core/routing/health/latency.js';
import { POLICY } from '../../core/routing/policy.js';

const { slots: SLOTS, slotMs: SLOT_MS } = POLICY.window;

interface Slot {
  number: number;
  calls: number;
  failed: number;
  slow: number;
  readonly buckets: Uint32Array;
}

/** The calls of one subject in the last minute, forgotten in slots of five seconds. */
export class Window {
  private readonly slots: Slot[] = [];

  add(call: Pick<Call, 'failed' | 'slow'>, durationMs: number, now: number): void {
    const slot = this.slotAt(now);
    slot.calls++;
    slot.failed += Number(call.failed);
    slot.slow += Number(call.slow);
    const bucket = bucketOf(durationMs);
    slot.buckets[bucket] = (slot.buckets[bucket] ?? 0) + 1;
  }

  /** @param times bucket numbers and their counts, one after the other. */
  addMany({ calls, failed, slow }: Calls, times: readonly number[], now: number): void {
    const slot = this.slotAt(now);
    slot.calls += calls;
    slot.failed += failed;
    slot.slow += slow;
    for (let at = 0; at + 1 < times.length; at += 2) {
      const bucket = times[at] as number;
      slot.buckets[bucket] = (slot.buckets[bucket] ?? 0) + (times[at + 1] as number);
    }
  }

  sums(now: number): Sums {
    const sums = { calls: 0, failed: 0, slow: 0 };
    for (const slot of this.fresh(now)) {
      sums.calls += slot.calls;
      sums.failed += slot.failed;
      sums.slow += slot.slow;
    }
    return sums;
  }

  figures(now: number): Figures {
    const all = new Uint32Array(BUCKETS);
    let samples = 0;
    for (const { calls, buckets } of this.fresh(now)) {
      samples += calls;
      for (let at = 0; at < BUCKETS; at++) all[at] = (all[at] as number) + (buckets[at] as number);
    }
    return { samples, p50Ms: quantile(all, samples, 0.5), p95Ms: quantile(all, samples, 0.95) };
  }

  private fresh(now: number): readonly Slot[] {
    const oldest = Math.floor(now / SLOT_MS) - SLOTS;
    return this.slots.filter(({ number }) => number > oldest);
  }

  private slotAt(now: number): Slot {
    const number = Math.floor(now / SLOT_MS);
    const at = number % SLOTS;
    const known = this.slots.find((slot) => slot.number % SLOTS === at);
    if (!known) {
      const slot = { number, calls: 0, failed: 0, slow: 0, buckets: new Uint32Array(BUCKETS) };
      this.slots.push(slot);
      return slot;
    }
    if (known.number !== number) {
      Object.assign(known, { number, calls: 0, failed: 0, slow: 0 });
      known.buckets.fill(0);
    }
    return known;
  }
}
