import { HealthBus, type HealthChange, type HealthReport } from '../../../src/engine/health/sharing/health-bus.js';
import type { Consumer } from '../../../src/engine/ports/broker.js';

/** What engines tell each other about partners, on its way through the broker of a world. */
export class HealthWords {
  /** As JSON; they lie in one queue, and go to one engine at a time. */
  reports: string[] = [];
  /** In the order in which they offered to judge. */
  lines: HealthLine[] = [];
}

/** One engine's part in it, over the same connection as its lanes. */
export class HealthLine extends HealthBus {
  /** Changes that are on their way to this engine, as JSON. */
  readonly inbox: string[] = [];
  private hears: { on: (change: HealthChange) => void; missed: () => void } | null = null;
  private judges: ((report: HealthReport) => Promise<void>) | null = null;
  private judging = false;

  constructor(
    private readonly words: HealthWords,
    private readonly isConnected: () => boolean,
  ) {
    super();
    words.lines.push(this);
  }

  override async report(report: HealthReport): Promise<void> {
    if (this.isConnected()) this.words.reports.push(JSON.stringify(report));
  }

  override async tell(change: HealthChange): Promise<void> {
    if (!this.isConnected()) return;
    for (const line of this.words.lines) if (line.hears && line.isConnected()) line.inbox.push(JSON.stringify(change));
  }

  override async maintain(on: (report: HealthReport) => Promise<void>): Promise<Consumer> {
    this.judges = on;
    return {
      stop: async () => {
        this.judges = null;
      },
    };
  }

  override async listen(on: (change: HealthChange) => void, missed: () => void): Promise<Consumer> {
    this.hears = { on, missed };
    return {
      stop: async () => {
        this.hears = null;
      },
    };
  }

  /** Whether it is the one that the next report goes to, and can take it. */
  get canJudge(): boolean {
    const one = this.words.lines.find((line) => line.judges !== null && line.isConnected());
    return one === this && !this.judging && this.words.reports.length > 0;
  }

  /** Takes the next report in. What fails is not repeated. */
  judge(): void {
    const report = JSON.parse(this.words.reports.shift() as string) as HealthReport;
    this.judging = true;
    const done = (): void => {
      this.judging = false;
    };
    void this.judges?.(report).then(done, done);
  }

  /** Hears the change at a place of those on their way. */
  hear(at: number): void {
    const [change] = this.inbox.splice(at, 1);
    if (change !== undefined) this.hears?.on(JSON.parse(change) as HealthChange);
  }

  /** The connection is gone: another engine judges, and what was on its way is missed. */
  cut(): void {
    this.inbox.length = 0;
    this.words.lines = [...this.words.lines.filter((line) => line !== this), this];
  }

  comeBack(): void {
    this.hears?.missed();
  }

  /** The process is dead. */
  leave(): void {
    this.words.lines = this.words.lines.filter((line) => line !== this);
  }
}
