import type { Cancel, Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';

/** Runs a repair again and again, the next one only after the last has ended; a failure is logged and costs one round. */
export class Loop {
  private cancel: Cancel = () => {};
  private current: Promise<void> = Promise.resolve();
  private stopped = true;

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<unknown>,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** @param firstMs when to run for the first time. */
  start(firstMs = this.everyMs): void {
    this.stopped = false;
    this.cancel = this.clock.schedule(firstMs, () => {
      this.current = this.round();
    });
  }

  private async round(): Promise<void> {
    try {
      await this.work();
    } catch (fault) {
      this.log.warn(`The ${this.name} loop failed; it runs again.`, { inMs: this.everyMs, fault: String(fault) });
    }
    if (!this.stopped) this.start();
  }

  /** Resolves when the round that runs has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.current;
  }
}
