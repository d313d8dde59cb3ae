import type { Cancel, Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Tally } from '../tally.js';

/** What a loop did last; times are this process's. */
export interface LoopState {
  readonly name: string;
  readonly everyMs: number;
  readonly rounds: number;
  readonly failed: number;
  readonly lastAt: number | null;
  readonly lastMs: number | null;
  readonly lastError: string | null;
  readonly lastErrorAt: number | null;
}

/** Runs a repair again and again, the next one only after the last has ended; a failure is logged and costs one round. */
export class Loop {
  private cancel: Cancel = () => {};
  private current: Promise<void> = Promise.resolve();
  private stopped = true;
  private done = { rounds: 0, failed: 0 };
  private last: Pick<LoopState, 'lastAt' | 'lastMs'> = { lastAt: null, lastMs: null };
  private error: Pick<LoopState, 'lastError' | 'lastErrorAt'> = { lastError: null, lastErrorAt: null };

  constructor(
    private readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<unknown>,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly tally: Tally,
    /** Asked after each round: when the next one is due, if that is sooner than usual. */
    private readonly soonMs: () => number | null = () => null,
  ) {}

  get state(): LoopState {
    const { name, everyMs, done, last, error } = this;
    return { name, everyMs, ...done, ...last, ...error };
  }

  /** @param firstMs when to run for the first time. */
  start(firstMs = Math.min(this.everyMs, this.soonMs() ?? this.everyMs)): void {
    this.stopped = false;
    this.cancel = this.clock.schedule(firstMs, () => {
      this.current = this.round();
    });
  }

  private async round(): Promise<void> {
    const beganAt = this.clock.now();
    try {
      await this.work();
    } catch (fault) {
      this.done.failed++;
      this.tally.count('loop.failed');
      this.error = { lastError: String(fault).slice(0, 500), lastErrorAt: this.clock.now() };
      this.log.warn(`The ${this.name} loop failed; it runs again.`, { inMs: this.everyMs, fault: String(fault) });
    }
    this.done.rounds++;
    this.last = { lastAt: beganAt, lastMs: this.clock.now() - beganAt };
    if (!this.stopped) this.start();
  }

  /** Resolves when the round that runs has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    this.cancel();
    await this.current;
  }
}
