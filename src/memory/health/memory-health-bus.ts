import { HealthBus, type HealthChange, type HealthReport } from '../../engine/health/sharing/health-bus.js';
import type { Consumer } from '../../engine/ports/broker.js';

/** Reports that wait at most; what is more is forgotten. */
const MOST = 1_000;

/** Words about health inside the process, for one engine or several. Everything passes as JSON. */
export class MemoryHealthBus extends HealthBus {
  readonly #listeners = new Set<(change: HealthChange) => void>();
  readonly #maintainers: ((report: HealthReport) => Promise<void>)[] = [];
  readonly #reports: string[] = [];
  #working = false;

  override async report(report: HealthReport): Promise<void> {
    if (this.#reports.length < MOST) this.#reports.push(JSON.stringify(report));
    if (!this.#working) setImmediate(() => void this.#work());
  }

  override async maintain(on: (report: HealthReport) => Promise<void>): Promise<Consumer> {
    this.#maintainers.push(on);
    return {
      stop: async () => {
        const at = this.#maintainers.indexOf(on);
        if (at >= 0) this.#maintainers.splice(at, 1);
      },
    };
  }

  override async tell(change: HealthChange): Promise<void> {
    const text = JSON.stringify(change);
    setImmediate(() => {
      for (const listener of this.#listeners) listener(JSON.parse(text) as HealthChange);
    });
  }

  override async listen(on: (change: HealthChange) => void): Promise<Consumer> {
    this.#listeners.add(on);
    return { stop: async () => void this.#listeners.delete(on) };
  }

  /** One report after the other, to who offered first. What fails is not repeated: the next report says enough. */
  async #work(): Promise<void> {
    if (this.#working) return;
    this.#working = true;
    for (let next = this.#reports.shift(); next !== undefined; next = this.#reports.shift())
      await this.#maintainers[0]?.(JSON.parse(next) as HealthReport).catch(() => {});
    this.#working = false;
  }
}
