// Usage: import { Samples, median } from './samples.mjs'

/** Durations, kept whole: at most a few hundred thousand in a run. */
export class Samples {
  values = [];

  add(value) {
    this.values.push(value);
  }

  /** The value below which `share` of the samples lie, or null without samples. */
  quantile(share) {
    if (this.values.length === 0) return null;
    const sorted = [...this.values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
  }
}

export const median = (values) => {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
};
