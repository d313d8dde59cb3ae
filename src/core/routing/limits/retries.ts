import { POLICY } from '../policy.js';

/** Calls of one subject in a span of time. */
export interface Calls {
  /** All that ran, retries included. */
  readonly calls: number;
  readonly retries: number;
}

/**
 * Whether one more retry may run: of all calls, with it, at most this share are retries. A few may run in any case, or a partner
 * with three calls a minute would never see a retry.
 */
export function mayRetry({ calls, retries }: Calls, share: number): boolean {
  return retries < POLICY.retries.few || retries + 1 <= share * (calls + 1);
}

/** The sentence for people. */
export function overBudget({ calls, retries }: Calls, subject: string, share: number): string {
  const minutes = (POLICY.retries.slots * POLICY.retries.slotMs) / 60_000;
  const most = Math.round(share * 1_000) / 10;
  return `${retries} of the last ${calls} calls of ${subject} were retries, in ${minutes} min, and ${most} % may be`;
}
