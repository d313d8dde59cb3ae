import { type Cancel, Clock } from '../engine/ports/clock.js';

interface Alarm {
  readonly at: number;
  readonly order: number;
  readonly wake: () => void;
}

/**
 * Time that stands still until it is moved. Alarms run in order of their time, and those of one time in the order in
 * which they were scheduled, so that a run can be repeated exactly.
 */
export class VirtualClock extends Clock {
  #now: number;
  #scheduled = 0;
  /** Sorted, the next one last. */
  readonly #alarms: Alarm[] = [];

  /** @param startAt milliseconds since the epoch */
  constructor(startAt = Date.UTC(2026, 0, 1)) {
    super();
    this.#now = startAt;
  }

  override now(): number {
    return this.#now;
  }

  override schedule(ms: number, wake: () => void): Cancel {
    this.#scheduled += 1;
    const alarm = { at: this.#now + Math.max(0, ms), order: this.#scheduled, wake };
    this.#alarms.splice(this.#place(alarm), 0, alarm);
    return () => {
      const index = this.#alarms.indexOf(alarm);
      if (index >= 0) this.#alarms.splice(index, 1);
    };
  }

  /** Moves time on by `ms` and runs all that falls due on the way, also what that schedules. */
  advance(ms: number): void {
    if (!(ms >= 0)) throw new RangeError(`Expected a time of 0 ms or more to advance, but got ${ms}.`);
    const until = this.#now + ms;
    for (let next = this.nextAt(); next !== null && next <= until; next = this.nextAt()) this.runNext();
    this.#now = until;
  }

  /** Jumps to the next alarm and runs it alone. `false` when there is none. */
  runNext(): boolean {
    const alarm = this.#alarms.pop();
    if (!alarm) return false;
    this.#now = Math.max(this.#now, alarm.at);
    alarm.wake();
    return true;
  }

  /** When the next alarm is due; `null` when none is scheduled. */
  nextAt(): number | null {
    return this.#alarms.at(-1)?.at ?? null;
  }

  #place(alarm: Alarm): number {
    let low = 0;
    let high = this.#alarms.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const other = this.#alarms[middle] as Alarm;
      if (other.at > alarm.at || (other.at === alarm.at && other.order > alarm.order)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
