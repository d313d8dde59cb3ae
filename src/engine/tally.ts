/** Counters of one engine process, by name; read by metrics, tests and benchmarks. They only rise. */
export class Tally {
  private readonly counts = new Map<string, number>();

  count(name: string, by = 1): void {
    if (by > 0) this.counts.set(name, (this.counts.get(name) ?? 0) + by);
  }

  get(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  all(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.counts].sort());
  }
}
