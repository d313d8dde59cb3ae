/** Durations are counted in buckets that grow by a quarter: 57 of them from 1 ms to 5 minutes, 12 % off at worst. */
const FACTOR = 1.25;
const LOG = Math.log(FACTOR);
export const BUCKETS = 57;

/** The bucket of a duration in milliseconds. Longer than the last bucket counts as the last. */
export function bucketOf(ms: number): number {
  if (!(ms > 1)) return 0;
  return Math.min(BUCKETS - 1, Math.floor(Math.log(ms) / LOG + 1e-9) + 1);
}

/**
 * The duration in milliseconds below which the share `q` of the counted lies: the middle of its bucket. 0 when nothing
 * was counted.
 */
export function quantile(counts: ArrayLike<number>, total: number, q: number): number {
  if (total <= 0) return 0;
  let left = Math.ceil(total * q);
  let bucket = 0;
  for (; bucket < counts.length - 1; bucket++) {
    left -= counts[bucket] ?? 0;
    if (left <= 0) break;
  }
  return bucket === 0 ? 1 : Math.round(FACTOR ** (bucket - 0.5));
}
