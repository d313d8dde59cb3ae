import { share } from '../../share.js';
import { POLICY } from '../policy.js';

/** Whether messages may go to a subject. Times are database times in milliseconds. */
export type Circuit = Closed | Open | HalfOpen | Ramp;

interface Closed {
  readonly state: 'closed';
  /** `null`: it was never open. */
  readonly since: number | null;
  /** Failures in a row. */
  readonly failures: number;
  readonly opens: number;
}

interface Opened {
  readonly since: number;
  /** Openings in a row; each lasts twice as long as the one before. */
  readonly opens: number;
  /** Why it opened. */
  readonly cause: string;
}

interface Open extends Opened {
  readonly state: 'open';
  readonly until: number;
}

interface HalfOpen extends Opened {
  readonly state: 'half-open';
  readonly left: number;
  readonly ok: number;
  readonly failed: number;
}

interface Ramp extends Opened {
  readonly state: 'ramp';
  /** Of the step that it is in. */
  readonly step: number;
  readonly calls: number;
  readonly failed: number;
}

/** A call that has ended. `probe`: it was let through as one. */
export interface Call {
  readonly failed: boolean;
  readonly slow: boolean;
  readonly probe: boolean;
}

/** Calls that have ended one after another in one place, as sums; one call or many. */
export interface Calls {
  readonly calls: number;
  readonly failed: number;
  readonly slow: number;
  /** Failures before the first success; all of them when there was none. */
  readonly head: number;
  /** Failures after the last success; all of them when there was none. */
  readonly tail: number;
  /** The longest run of failures, with those in that place that these calls went on. */
  readonly run: number;
  readonly probesOk: number;
  readonly probesFailed: number;
}

/** Sums over the window of a subject, these calls included. */
export interface Sums {
  readonly calls: number;
  readonly failed: number;
  readonly slow: number;
}

export const CLOSED: Circuit = { state: 'closed', since: null, failures: 0, opens: 0 };
const { probes, ramp, rampStepMs } = POLICY.circuit;

/** The circuit as it stands at a time: an opening ends, and a ramp goes on, by itself. */
export function circuitAt(circuit: Circuit, now: number): Circuit {
  if (circuit.state === 'open' && now >= circuit.until) {
    const { opens, cause, until } = circuit;
    return { state: 'half-open', since: until, opens, cause, left: probes, ok: 0, failed: 0 };
  }
  if (circuit.state !== 'ramp') return circuit;
  const step = Math.floor((now - circuit.since) / rampStepMs);
  if (step >= ramp.length) {
    const since = circuit.since + ramp.length * rampStepMs;
    return { state: 'closed', since, failures: 0, opens: circuit.opens };
  }
  return step === circuit.step ? circuit : { ...circuit, step, calls: 0, failed: 0 };
}

/** One call as sums. It says nothing of what went before it in its place. */
export const callsOf = ({ failed, slow, probe }: Call): Calls => {
  const one = Number(failed);
  return {
    calls: 1,
    failed: one,
    slow: Number(slow),
    head: one,
    tail: one,
    run: one,
    probesOk: Number(probe && !failed),
    probesFailed: Number(probe && failed),
  };
};

/**
 * What calls that have ended make of the circuit. A parent opens by its children alone, but closes by its own calls.
 * @param sums `null`: it is a parent.
 * @param subject spreads the length of openings.
 * @param openMs how long a first opening lasts.
 */
export function afterCalls(
  before: Circuit,
  ended: Calls,
  sums: Sums | null,
  now: number,
  subject: string,
  openMs?: number,
): Circuit {
  const circuit = circuitAt(before, now);
  switch (circuit.state) {
    case 'closed': {
      if (sums === null) return circuit;
      const cause = causeToOpen(circuit, ended, sums);
      if (cause !== null) return open(circuit, cause, now, subject, openMs);
      const failures = ended.calls === ended.failed ? circuit.failures + ended.failed : ended.tail;
      return failures === circuit.failures ? circuit : { ...circuit, failures };
    }
    case 'open':
      // Word of a call that began before it opened: nothing new.
      return circuit;
    case 'half-open':
      return halfOpenAfter(circuit, ended, now, subject, openMs);
    case 'ramp': {
      const { rampCalls, rampFailRate } = POLICY.circuit;
      const calls = circuit.calls + ended.calls;
      const failed = circuit.failed + ended.failed;
      if (calls < rampCalls || failed < calls * rampFailRate) return { ...circuit, calls, failed };
      const cause = `${failed} of ${calls} calls failed while it was let through again`;
      return open(circuit, cause, now, subject, openMs);
    }
  }
}

function causeToOpen(circuit: Closed, ended: Calls, sums: Sums): string | null {
  const { consecutive, failRate, slowRate, slowCallMs, minCalls } = POLICY.circuit;
  const failures = Math.max(ended.run, circuit.failures + ended.head);
  if (failures >= consecutive) return `${failures} failures in a row`;
  const { calls, failed, slow } = sums;
  if (calls < minCalls) return null;
  if (ended.failed > 0 && failed >= calls * failRate) return `${failed} of ${calls} calls in a minute failed`;
  if (ended.slow > 0 && slow >= calls * slowRate)
    return `${slow} of ${calls} calls in a minute took ${slowCallMs / 1_000} s or more`;
  return null;
}

function halfOpenAfter(circuit: HalfOpen, ended: Calls, now: number, subject: string, openMs?: number): Circuit {
  const { probesOk, probesFailed } = ended;
  if (probesOk + probesFailed === 0) return circuit;
  const ok = circuit.ok + probesOk;
  const failed = circuit.failed + probesFailed;
  const needed = probes * POLICY.circuit.probeOk;
  if (failed > probes - needed) return open(circuit, `${failed} of ${ok + failed} probes failed`, now, subject, openMs);
  if (ok < needed) return { ...circuit, ok, failed };
  return { state: 'ramp', since: now, opens: circuit.opens, cause: circuit.cause, step: 0, calls: 0, failed: 0 };
}

/** Opens for the first time, or longer than the time before. */
export function open(
  before: Circuit,
  cause: string,
  now: number,
  subject: string,
  openMs: number = POLICY.circuit.openMs,
): Circuit {
  const { longestMs, jitter, rememberMs } = POLICY.circuit;
  const forgotten = before.state === 'closed' && (before.since === null || now - before.since > rememberMs);
  const opens = forgotten ? 1 : before.opens + 1;
  const full = Math.min(longestMs, openMs * 2 ** (opens - 1));
  const lasts = Math.round(full * (1 + jitter * (2 * share(`${subject}.${opens}.${now}`) - 1)));
  return { state: 'open', since: now, until: now + lasts, opens, cause };
}

/** Takes one of the counted probes; the same circuit when there is none to take. */
export function takeProbe(before: Circuit, now: number): Circuit {
  const circuit = circuitAt(before, now);
  return circuit.state === 'half-open' && circuit.left > 0 ? { ...circuit, left: circuit.left - 1 } : circuit;
}

/** Gives a probe back that ended without telling anything of the subject. */
export const returnProbe = (circuit: Circuit): Circuit =>
  circuit.state === 'half-open' ? { ...circuit, left: Math.min(probes, circuit.left + 1) } : circuit;

/** What a circuit says to one message: to pass, to pass as a counted probe, or to wait. */
export type Gate =
  | { readonly type: 'pass' }
  | { readonly type: 'probe'; readonly said: string }
  | { readonly type: 'wait'; readonly state: Circuit['state']; readonly waitMs: number; readonly said: string };

const PASS: Gate = { type: 'pass' };

/** @param id the node instance, which decides when in a ramp it is let through. */
export function gateOf(before: Circuit, id: string, now: number): Gate {
  if (before.state === 'closed') return PASS;
  const circuit = circuitAt(before, now);
  switch (circuit.state) {
    case 'closed':
      return PASS;
    case 'open':
      return { type: 'wait', state: 'open', waitMs: circuit.until - now, said: `is open: ${circuit.cause}` };
    case 'half-open':
      if (circuit.left > 0)
        return { type: 'probe', said: `is half-open: ${circuit.left} of ${probes} probes are left` };
      return {
        type: 'wait',
        state: 'half-open',
        // Spread, so that a long backlog does not ask all at once, again and again.
        waitMs: Math.round(POLICY.circuit.probeAgainMs * (1 + POLICY.circuit.probeSpread * share(id))),
        said: 'is half-open: all probes are under way',
      };
    case 'ramp': {
      const passesIn = ramp.findIndex((part) => share(id) < part);
      if (passesIn <= circuit.step) return PASS;
      const waitMs = Math.max(1, circuit.since + passesIn * rampStepMs - now);
      const percent = Math.round((ramp[circuit.step] as number) * 100);
      return { type: 'wait', state: 'ramp', waitMs, said: `lets ${percent} % through again` };
    }
  }
}
