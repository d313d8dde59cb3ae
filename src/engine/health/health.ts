import {
  afterCalls,
  type Calls,
  type Circuit,
  CLOSED,
  callsOf,
  circuitAt,
  open,
  returnProbe,
  takeProbe,
} from '../../core/routing/health/circuit.js';
import { forget, judge, UNKNOWN_LATENCY } from '../../core/routing/health/latency.js';
import { POLICY } from '../../core/routing/policy.js';
import { chainOf, type Subject } from '../../core/routing/subject.js';
import type { Log } from '../ports/log.js';
import type { Tally } from '../tally.js';
import { causeToOpenParent } from './open-parent.js';
import type { Seen } from './sharing/health-bus.js';
import type { SharedSubject } from './sharing/health-store.js';
import { callOf, type Observation, reportOf, type SubjectReport, Turns, type Watched } from './watched.js';
import { Window } from './window.js';

/** Subjects that are watched at once, and how many that were quiet for longest make room for others. */
const MOST = 5_000;
const ROOM = 500;

/**
 * What is known of the partners behind the handlers, learnt from calls. Nothing here runs by a timer: a subject is
 * judged when it is called, and what passes with time is worked out when it is asked for.
 */
export class Health {
  /**
   * Somebody learns from the calls of all engines and tells what comes of them, so that nothing is judged here; only
   * who fails here again and again is kept back for as long as it takes till all know. False: this process is alone.
   */
  led = false;
  private readonly watched = new Map<Subject, Watched>();
  readonly turns = new Turns();

  constructor(
    private readonly log: Log,
    private readonly tally: Tally,
    /** Told of every subject whose circuit or latency class has become another. */
    private readonly turned: (subject: Subject, what: 'circuit' | 'latency') => void = () => {},
  ) {}

  /** By subject; changes as calls are observed. */
  get subjects(): ReadonlyMap<Subject, Readonly<Pick<Watched, 'circuit' | 'latency' | 'seenAt'>>> {
    return this.watched;
  }

  /** What is known of everybody at a database time, the unwell first. */
  report(now: number): readonly SubjectReport[] {
    return reportOf(this.watched, now);
  }

  /** Takes a call in. `now` is database time. */
  observe(subject: Subject, seen: Observation, now: number): void {
    if (seen.verdict === 'nothing') {
      if (seen.probe) this.returnProbe(subject);
      return;
    }
    const call = callOf(seen);
    this.learn(subject, callsOf(call), now, (window) => window.add(call, seen.durationMs, now));
  }

  /** Takes in what an engine saw. */
  take(seen: Seen, now: number): void {
    this.learn(seen.subject, seen, now, (window) => window.addMany(seen, seen.times, now));
  }

  /** Puts a subject into the state that all engines share. */
  adopt({ subject, circuit, latency, version }: SharedSubject, now: number): void {
    const one = this.of(subject, now);
    const own = one.shared === null && circuitAt(one.circuit, now).state === 'open';
    one.latency = latency;
    // What was opened here a moment ago is not known to all yet, and is no reason to close it.
    if (own && circuit.state === 'closed') return;
    one.shared = circuit.state === 'closed' ? null : version;
    this.turn(subject, one, circuit, now);
  }

  /** The version by which all engines share the circuit of a subject; `null`: it is closed, or it is known here alone. */
  sharedVersion(subject: Subject): number | null {
    return this.watched.get(subject)?.shared ?? null;
  }

  /** Leaves whose circuit is not closed, and is known to this engine alone. */
  openedHere(now: number): readonly Subject[] {
    return [...this.watched].flatMap(([subject, { circuit, shared, children }]) =>
      shared === null && children.size === 0 && circuitAt(circuit, now).state !== 'closed' ? [subject] : [],
    );
  }

  /** What is shared now is another knowledge: what the one before said holds no more. */
  forgetShared(now: number): void {
    for (const [subject, one] of this.watched) {
      one.latency = UNKNOWN_LATENCY;
      if (one.shared !== null) this.turn(subject, one, CLOSED, now);
      one.shared = null;
    }
  }

  /** What passes by time alone, for whoever has to tell it: ramps that have ended. */
  pass(now: number): void {
    for (const [subject, one] of this.watched) {
      const circuit = one.circuit.state === 'ramp' ? circuitAt(one.circuit, now) : one.circuit;
      if (circuit.state === 'closed') this.turn(subject, one, circuit, now);
    }
  }

  /** Lets one more be asked for where all were taken: somebody may have given one back. */
  askAgain(): void {
    for (const one of this.watched.values())
      if (one.shared !== null && one.circuit.state === 'half-open' && one.circuit.left === 0)
        one.circuit = { ...one.circuit, left: 1 };
  }

  /** Gives out all probes of a half-open circuit once more. */
  probeAnew(subject: Subject, now: number): void {
    const one = this.watched.get(subject);
    const circuit = one && circuitAt(one.circuit, now);
    if (one && circuit?.state === 'half-open')
      this.turn(subject, one, { ...circuit, since: now, left: POLICY.circuit.probes, ok: 0, failed: 0 }, now);
  }

  private learn(subject: Subject, calls: Calls, now: number, add: (window: Window) => void): void {
    for (const [depth, name] of chainOf(subject).entries()) {
      const one = this.of(name, now);
      one.seenAt = now;
      add(one.window);
      if (depth > 0) one.children.add(subject);
      if (this.isLed(one, now)) continue;
      // Only a failure or a slow call can open it by its sums.
      const sums = depth > 0 ? null : calls.failed > 0 || calls.slow > 0 ? one.window.sums(now) : NO_SUMS;
      const openMs = this.led ? POLICY.share.aloneMs : undefined;
      this.turn(name, one, afterCalls(one.circuit, calls, sums, now, name, openMs), now);
      if (!this.led) this.judge(name, one, now);
    }
  }

  /** Whether what becomes of its circuit is for others to say. */
  private isLed(one: Watched, now: number): boolean {
    if (one.shared === null) return false;
    if (this.led && circuitAt(one.circuit, now).state !== 'closed') return true;
    one.shared = null;
    return false;
  }

  /** Takes a probe of every subject in the chain that counts them, and answers these. */
  takeProbe(subject: Subject, now: number): readonly Subject[] {
    return chainOf(subject).filter((name) => {
      const one = this.watched.get(name);
      if (!one || circuitAt(one.circuit, now).state !== 'half-open') return false;
      this.turn(name, one, takeProbe(one.circuit, now), now);
      return true;
    });
  }

  /** All probes that engines share were taken, by whomever. Those of a circuit that is known here alone are given back. */
  noProbeLeft(subjects: readonly Subject[]): void {
    for (const name of subjects) {
      const one = this.watched.get(name);
      if (one?.circuit.state !== 'half-open') continue;
      one.circuit = one.shared === null ? returnProbe(one.circuit) : { ...one.circuit, left: 0 };
    }
  }

  /** The probe told nothing; another message may be it. */
  returnProbe(subject: Subject): void {
    for (const name of chainOf(subject)) {
      const one = this.watched.get(name);
      if (one) one.circuit = returnProbe(one.circuit);
    }
  }

  private of(name: Subject, now: number): Watched {
    const known = this.watched.get(name);
    if (known) return known;
    if (this.watched.size >= MOST) this.makeRoom();
    const one: Watched = {
      circuit: CLOSED,
      latency: UNKNOWN_LATENCY,
      window: new Window(),
      children: new Set(),
      judgedAt: now,
      seenAt: now,
      shared: null,
    };
    this.watched.set(name, one);
    return one;
  }

  private makeRoom(): void {
    const bySilence = [...this.watched].sort(([, a], [, b]) => a.seenAt - b.seenAt);
    for (const [name] of bySilence.slice(0, ROOM)) {
      this.watched.delete(name);
      for (const parent of chainOf(name).slice(1)) this.watched.get(parent)?.children.delete(name);
    }
  }

  private judge(name: Subject, one: Watched, now: number): void {
    const { evaluateMs, forgetMs } = POLICY.latency;
    const quietMs = now - one.judgedAt;
    if (quietMs < evaluateMs) return;
    one.judgedAt = now;
    const before = one.latency;
    one.latency = judge(quietMs > forgetMs ? forget(before, now) : before, one.window.figures(now), now);
    if (one.latency.class === before.class) return;
    this.turned(name, 'latency');
    const { class: to, p95Ms } = one.latency;
    this.turns.add({ subject: name, from: before.class, to, cause: `p95 ${p95Ms} ms`, at: now });
    this.tally.count(`latency.${one.latency.class}`);
    this.log.info('A subject changed its latency class.', {
      subject: name,
      from: before.class,
      to: one.latency.class,
      p95Ms: one.latency.p95Ms,
    });
  }

  /** Puts a circuit into its next state, and tells when that is another one. */
  private turn(name: Subject, one: Watched, circuit: Circuit, now: number): void {
    const before = one.circuit;
    one.circuit = circuit;
    if (circuit.state === before.state && circuit.since === before.since) return;
    this.turned(name, 'circuit');
    const why = circuit.state === 'open' ? circuit.cause : null;
    if (circuit.state !== before.state)
      this.turns.add({ subject: name, from: before.state, to: circuit.state, cause: why, at: now });
    this.tally.count(`circuit.${circuit.state}`);
    const facts = { subject: name, from: before.state, to: circuit.state };
    if (circuit.state !== 'open') return this.log.info('A circuit changed its state.', facts);
    const cause = { ...facts, cause: circuit.cause, forMs: circuit.until - now };
    this.log.warn('A circuit opened: its messages wait, and cost no attempt.', cause);
    if (!this.led) for (const parent of chainOf(name).slice(1)) this.openParent(parent, now);
  }

  private openParent(name: Subject, now: number): void {
    const parent = this.watched.get(name);
    const cause = parent && causeToOpenParent(parent, (child) => this.watched.get(child), now);
    if (parent && cause) this.turn(name, parent, open(parent.circuit, cause, now, name), now);
  }
}

const NO_SUMS = { calls: 0, failed: 0, slow: 0 };
