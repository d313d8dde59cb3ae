// Usage: import { judge } from './isolation-criteria.mjs'
import { median } from './samples.mjs';

/** How much the others may feel: so many times their p99 of before, or so many milliseconds more. */
const AT_MOST = 1.2;
const OR_MORE_MS = 50;
const SIGNIFICANT = 5;
const OPEN_WITHIN_MS = 15_000;
const OVERTAKE_MS = 90_000;

/** What the runs come to: each criterion, whether it is met, and the figure. `factor`: by which timings were multiplied. */
export function judge({ off, on }, factor) {
  const rise = off.during.p99Ms / off.others.before.p99Ms;
  const before = median(on.map(({ others }) => others.before.p99Ms));
  const during = median(on.map((each) => each.during.p99Ms));
  const after = median(on.map(({ others }) => others.after.p99Ms));
  const most = Math.max(before * AT_MOST, before + OR_MORE_MS);
  const worst = (of) => Math.max(...on.map(of));
  const slowest = worst(({ openMs }) => openMs ?? Number.POSITIVE_INFINITY);
  const rows = [
    [
      `without the router p99 of the others rises ${SIGNIFICANT} times or more, else the run says nothing`,
      rise >= SIGNIFICANT,
      `${rise.toFixed(1)} times`,
    ],
    [
      `open within ${OPEN_WITHIN_MS / 1_000} s after the first failed call`,
      slowest <= OPEN_WITHIN_MS,
      `${Math.round(slowest)} ms`,
    ],
    [
      `p99 of the others at most ${AT_MOST} times what it was, or ${OR_MORE_MS} ms more, median of ${on.length}`,
      during <= most && after <= most,
      `${Math.round(before)} ms before, ${Math.round(during)} ms during, ${Math.round(after)} ms after`,
    ],
    [
      'no attempt is burnt by waiting',
      none(on, 'attemptsBurnt') && none(on, 'attemptsOfDeferred'),
      sum(on, 'attemptsBurnt'),
    ],
    ['calls begun later than 1 s after opening are probes', none(on, 'callsWhileShut'), sum(on, 'callsWhileShut')],
    ['everything drains', on.every(({ drainMs }) => drainMs !== null), on.map(({ drainMs }) => drainMs).join(', ')],
    ['no second opening after the return', none(on, 'openingsAfterReturn'), sum(on, 'openingsAfterReturn')],
    [
      `no call overtakes one that was due ${(OVERTAKE_MS * factor) / 1_000} s earlier`,
      worst(({ overtakenMs }) => overtakenMs) <= OVERTAKE_MS * factor,
      `${worst(({ overtakenMs }) => overtakenMs)} ms`,
    ],
  ];
  return rows.map(([name, met, found]) => ({ name, met, found: String(found) }));
}

const sum = (runs, name) => runs.reduce((total, each) => total + each[name], 0);
const none = (runs, name) => sum(runs, name) === 0;
