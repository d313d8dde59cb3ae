import type { CronRule } from '../control/cron.js';

/** A tick that is later than this was missed. */
export const ON_TIME_MS = 60_000;
/** Most ticks that are made up for at once. */
export const MOST_TICKS = 100;

/** What becomes of ticks that came while nothing was there to hear them. */
export type Missed = 'skip' | 'once' | 'all';
export const MISSED: readonly Missed[] = ['skip', 'once', 'all'];

/** What starts a flow at the moments of a clock. */
export interface Ticking {
  readonly rule: CronRule;
  readonly missed: Missed;
  /** What the clocks of the zone show at a moment: `2026-11-23T09:00:00`. */
  localAt(at: number): string;
}

/**
 * The ticks after `after`, up to and with `now`, that are to be started, the oldest first: all that are on time; of those that were
 * missed none (`skip`), the last when none is on time (`once`), or as many as there are (`all`), the newest hundred.
 * Pure. Milliseconds since the epoch.
 */
export function ticksToStart({ rule, missed }: Ticking, after: number, now: number): readonly number[] {
  const onTime = lastTicks(rule, Math.max(after, now - ON_TIME_MS - 1), now, MOST_TICKS);
  if (missed === 'skip' || (missed === 'once' && onTime.length > 0)) return onTime;
  return lastTicks(rule, after, now, missed === 'all' ? MOST_TICKS : 1);
}

/** The last ticks in a time. A clock that ticks every second for a year is not asked for all of them. */
function lastTicks(rule: CronRule, after: number, now: number, most: number): readonly number[] {
  for (let span = ON_TIME_MS; ; span *= 4) {
    const from = Math.max(after, now - span);
    const found: number[] = [];
    for (let tick = rule.next(from); tick !== null && tick <= now; tick = rule.next(tick)) {
      found.push(tick);
      if (found.length > most) found.shift();
    }
    if (found.length >= most || from === after) return found;
  }
}
