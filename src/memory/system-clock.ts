import { type Cancel, Clock } from '../engine/ports/clock.js';

/** A timer of Node wakes at once when asked to wait longer than this. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** The time of the machine. Its timers never keep the process alive. */
export class SystemClock extends Clock {
  override now(): number {
    return Date.now();
  }

  override schedule(ms: number, wake: () => void): Cancel {
    if (ms > LONGEST_TIMER_MS) return this.#scheduleInStages(ms, wake);
    const timer = setTimeout(wake, Math.max(0, ms));
    timer.unref();
    return () => clearTimeout(timer);
  }

  #scheduleInStages(ms: number, wake: () => void): Cancel {
    let cancel = this.schedule(LONGEST_TIMER_MS, () => {
      cancel = this.schedule(ms - LONGEST_TIMER_MS, wake);
    });
    return () => cancel();
  }
}
