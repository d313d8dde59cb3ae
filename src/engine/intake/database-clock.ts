import type { Clock } from '../ports/clock.js';

/**
 * What the database's clock shows, estimated between readings from this process's clock: whether a delivery is due is
 * asked far too often for a query.
 */
export class DatabaseClock {
  private aheadMs = 0;

  constructor(private readonly clock: Clock) {}

  /** Takes a reading; it is as old as its answer took, which only makes deliveries look due a little late. */
  read(databaseNow: number): void {
    this.aheadMs = databaseNow - this.clock.now();
  }

  now(): number {
    return this.clock.now() + this.aheadMs;
  }
}
