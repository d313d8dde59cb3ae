import type { KeepLanes } from '../health/lanes/keep-lanes.js';
import type { Broker } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import type { Tally } from '../tally.js';

/** How long an answer is good for; a flood asks thousands of times a second. */
const FRESH_MS = 500;

/** Whether more work lies in the lanes than is sensible to add to: then starts are told to come later. */
export class Backlog {
  private full = false;
  private askedAt = Number.NEGATIVE_INFINITY;
  private asking: Promise<void> | null = null;

  /** @param limit dispatches that lie ready in all lanes together, but for those of groups that are gone. */
  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly limit: number,
    private readonly tally: Tally,
    private readonly lanes: Pick<KeepLanes, 'staffed'>,
  ) {}

  /** What cannot be told counts as not full: the database takes starts without the broker. */
  async isFull(): Promise<boolean> {
    if (this.clock.now() - this.askedAt >= FRESH_MS) {
      this.asking ??= this.ask().finally(() => {
        this.asking = null;
      });
      await this.asking;
    }
    if (this.full) this.tally.count('start.busy');
    return this.full;
  }

  private async ask(): Promise<void> {
    this.askedAt = this.clock.now();
    let ready = 0;
    for (const { lane } of this.lanes.staffed) ready += (await this.broker.depth(lane)) ?? 0;
    this.full = ready >= this.limit;
  }
}
