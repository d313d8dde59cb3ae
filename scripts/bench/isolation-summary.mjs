// Usage: import { summary } from './isolation-summary.mjs'
import { Samples } from './samples.mjs';

/** Once a circuit has been open for so long, every call must be a probe. */
const KNOWN_AFTER_MS = 1_000;
const CALM = ['warm up', 'before', 'after'];

const two = (value) => (value === null || value === undefined ? null : Math.round(value * 100) / 100);
const figuresOf = (samples) => ({
  calls: samples.values.length,
  p50Ms: two(samples.quantile(0.5)),
  p99Ms: two(samples.quantile(0.99)),
});

/** What a run was like: times in milliseconds since it began. */
export function summary({ others, turns, calls, finished, begins, firstFailureAt, drainedAt }) {
  const during = new Samples();
  for (const [name, samples] of Object.entries(others))
    if (!CALM.includes(name)) for (const value of samples.values) during.add(value);
  const opened = turns.filter(({ state }) => state === 'open');
  const openedAt = opened[0]?.at ?? null;
  const closedAt = turns.filter(({ state }) => state === 'closed').at(-1)?.at ?? null;
  const callsIn = {};
  for (const { phase } of calls) callsIn[phase] = (callsIn[phase] ?? 0) + 1;
  return {
    others: Object.fromEntries(Object.entries(others).map(([name, samples]) => [name, figuresOf(samples)])),
    during: figuresOf(during),
    openMs: openedAt === null ? null : two(openedAt - firstFailureAt),
    openAfterHangMs: openedAt === null ? null : two(openedAt - begins.hangs),
    openings: opened.length,
    openingsAfterReturn: opened.filter(({ at }) => at > (begins.returned ?? Number.POSITIVE_INFINITY)).length,
    drainMs: drainedAt === null ? null : two(drainedAt - begins.returned),
    drainAfterClosingMs: drainedAt === null || closedAt === null ? null : two(drainedAt - closedAt),
    calls: callsIn,
    probes: calls.filter(({ probe }) => probe).length,
    callsWhileShut: strays(calls, turns).length,
    attemptsBurnt: finished.filter(({ made, attempt }) => attempt > made).length,
    attemptsOfDeferred: calls.filter(({ first, attempt }) => first && attempt > 1).length,
    overtakenMs: overtaken(calls.filter(({ at }) => begins.returned !== undefined && at >= begins.returned)),
    turns: turns.map(({ at, state, phase }) => ({ atMs: Math.round(at - begins.hangs), state, phase })),
  };
}

/** Calls that were no probes although the circuit had not let anything else through for a second. */
function strays(calls, turns) {
  return calls.filter((call) => {
    const until = turns.filter(({ at }) => at <= call.at);
    const since = until.filter(({ state }) => state === 'open').at(-1)?.at;
    const isShut = ['open', 'half-open'].includes(until.at(-1)?.state);
    return isShut && since !== undefined && call.at > since + KNOWN_AFTER_MS && !call.probe;
  });
}

/** The most by which a call came after one that was due later than it. */
function overtaken(calls) {
  let most = 0;
  let latestDue = Number.NEGATIVE_INFINITY;
  for (const { dueAt } of calls) {
    most = Math.max(most, latestDue - dueAt);
    latestDue = Math.max(latestDue, dueAt);
  }
  return Math.round(most);
}
