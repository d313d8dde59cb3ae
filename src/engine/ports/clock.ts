/**
 * Time inside one process: for durations, waiting and scheduling. Times that are stored or compared across processes
 * come from the database (`Store.now`). Tests and `sluice run` give a virtual one.
 */
export abstract class Clock {
  /** Milliseconds since the epoch. */
  abstract now(): number;
  /** Calls `wake` once after `ms` (0 = on the next turn). Does not keep the process alive. */
  abstract schedule(ms: number, wake: () => void): Cancel;
}

/** Takes a scheduled call back; harmless when it has run. */
export type Cancel = () => void;
