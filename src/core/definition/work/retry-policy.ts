/** Delays in milliseconds. `local` ones pass inside a delivery and cost no attempt; then each remote one is an attempt. */
export interface RetryPolicy {
  readonly local: readonly number[];
  /** The last repeats. */
  readonly remote: readonly number[];
  /** Most remote retries; attempts are at most `max + 1`. */
  readonly max: number;
  /** Computed remote delays; `null`: the list. */
  readonly backoff: Backoff | null;
}

export interface Backoff {
  readonly baseMs: number;
  readonly factor: number;
  readonly capMs: number;
  /** 0 to 1: the share of the delay that is spread by a hash of node instance and attempt. */
  readonly jitter: number;
}
