import type { Clock } from './ports/clock.js';
import { StoreUnavailable } from './ports/store.js';

/** Waits between tries while the database is away, in milliseconds; the last repeats. */
const AWAY_MS = [50, 200, 1_000, 2_000];

/** The wait after so many failed tries in a row, from 0. */
export const awayMs = (tries: number): number => AWAY_MS[Math.min(tries, AWAY_MS.length - 1)] as number;

/** Waits on the engine's clock. */
export const pause = (clock: Clock, ms: number): Promise<void> => new Promise((wake) => clock.schedule(ms, wake));

/**
 * Does work that needs the database, again and again while it is away. Whoever waits holds its delivery meanwhile:
 * prefetch bounds how many wait, and nothing is requeued in a storm.
 * @param work gets the number of failed tries before.
 */
export async function whileAway<T>(clock: Clock, work: (tries: number) => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work(tries);
    } catch (fault) {
      if (!(fault instanceof StoreUnavailable)) throw fault;
      await pause(clock, awayMs(tries));
    }
  }
}

/** Waits for work, but no longer than so long; the work goes on. Rejects when the work does. */
export function atMost(clock: Clock, ms: number, work: Promise<unknown>): Promise<void> {
  let cancel = (): void => {};
  const over = new Promise<void>((wake) => (cancel = clock.schedule(ms, wake)));
  return Promise.race([work.then(() => {}), over]).finally(() => cancel());
}

/** Keeps work among others for as long as it is under way. Not by `finally`, which makes four promises of one. */
export function keepWhile(all: Set<Promise<void>>, work: Promise<void>): void {
  all.add(work);
  const over = (fault: unknown): void => {
    all.delete(work);
    if (fault !== undefined) throw fault;
  };
  void work.then(over, over);
}
