import type { Pass, Router } from '../health/router.js';
import type { Cancel, Clock } from '../ports/clock.js';

/** How long after its time a probe may still be answered, before it counts as one that told nothing. */
const GRACE_MS = 10_000;

/**
 * Probes that remote workers have. The answer may come to another engine, or never: a probe that nobody gives back
 * would keep its circuit half open.
 */
export class Probes {
  private readonly out = new Map<string, Cancel>();

  constructor(
    private readonly router: Router,
    private readonly clock: Clock,
  ) {}

  /** @param attempt names the attempt, as {@link ended} will. */
  sent(attempt: string, pass: Pass, timeoutMs: number): void {
    const cancel = this.clock.schedule(timeoutMs + GRACE_MS, () => {
      this.out.delete(attempt);
      this.router.observe(pass, null, 0);
    });
    this.out.set(attempt, cancel);
  }

  /** What became of the attempt is known, and observed. */
  ended(attempt: string): void {
    this.out.get(attempt)?.();
    this.out.delete(attempt);
  }
}

/** How an attempt is named here. */
export const attemptName = (idempotencyKey: string, attempt: number): string => `${idempotencyKey}:${attempt}`;
