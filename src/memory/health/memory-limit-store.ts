import { admit, type Known, type Refusal } from '../../core/routing/limits/bound.js';
import { type Exchange, LimitStore } from '../../engine/health/limits/limit-store.js';
import type { Clock } from '../../engine/ports/clock.js';

/** Limits of the one engine that there is. */
export class MemoryLimitStore extends LimitStore {
  readonly #paces = new Map<string, number>();

  constructor(private readonly clock: Clock) {
    super();
  }

  override async exchange({ held, wanted }: Exchange): Promise<readonly (Refusal | null)[]> {
    const known = (key: string): Known => ({
      others: 0,
      mine: held.get(key) ?? 0,
      nextAt: this.#paces.get(key) ?? 0,
    });
    const keys = wanted.flatMap((bounds) => bounds.map(({ key }) => key));
    const state = new Map(keys.map((key) => [key, known(key)]));
    const answers = wanted.map((bounds) => admit(bounds, state, this.clock.now()));
    for (const [key, { nextAt }] of state) this.#paces.set(key, nextAt);
    return answers;
  }

  override async tidy(unusedMs: number): Promise<void> {
    const before = this.clock.now() - unusedMs;
    for (const [key, nextAt] of this.#paces) if (nextAt < before) this.#paces.delete(key);
  }
}
