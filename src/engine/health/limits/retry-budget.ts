import { type Calls, mayRetry } from '../../../core/routing/limits/retries.js';
import { POLICY } from '../../../core/routing/policy.js';

/** Subjects that are told apart; those that were quiet for longest make room. */
const MOST = 5_000;

interface Slot {
  readonly at: number;
  calls: number;
  retries: number;
}

/**
 * Counts what runs in this engine, by rule and subject. A share needs no word of other engines: where each keeps to it,
 * all of them together do.
 */
export class RetryBudget {
  private readonly known = new Map<string, Slot[]>();

  constructor(private readonly now: () => number) {}

  /** The calls of the last minute. */
  of(key: string): Calls {
    const since = this.now() - POLICY.retries.slots * POLICY.retries.slotMs;
    const sum = { calls: 0, retries: 0 };
    for (const { at, calls, retries } of this.known.get(key) ?? []) {
      if (at <= since) continue;
      sum.calls += calls;
      sum.retries += retries;
    }
    return sum;
  }

  /** Counts a call that is about to run; a retry that may not is not counted. Answers whether it may. */
  take(key: string, isRetry: boolean, share: number): boolean {
    if (isRetry && !mayRetry(this.of(key), share)) return false;
    const { slots, slotMs } = POLICY.retries;
    const at = Math.floor(this.now() / slotMs) * slotMs;
    const known = this.known.get(key) ?? [];
    this.known.delete(key);
    this.known.set(key, known);
    let slot = known.at(-1);
    if (slot?.at !== at) {
      slot = { at, calls: 0, retries: 0 };
      known.push(slot);
      if (known.length > slots + 1) known.shift();
    }
    slot.calls += 1;
    slot.retries += Number(isRetry);
    const oldest = this.known.keys().next().value;
    if (this.known.size > MOST && oldest !== undefined) this.known.delete(oldest);
    return true;
  }
}
