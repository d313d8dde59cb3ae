import {
  afterCall,
  type Call,
  type Circuit,
  CLOSED,
  circuitAt,
  open,
  returnProbe,
  takeProbe,
} from '../../core/routing/health/circuit.js';
import { forget, judge, type Latency, UNKNOWN_LATENCY } from '../../core/routing/health/latency.js';
import { POLICY } from '../../core/routing/policy.js';
import { chainOf, type Subject } from '../../core/routing/subject.js';
import type { Log } from '../ports/log.js';
import type { Tally } from '../tally.js';
import type { Verdict } from './verdict.js';
import { Window } from './window.js';

/** Subjects that are watched at once, and how many that were quiet for longest make room for others. */
const MOST = 5_000;
const ROOM = 500;

/** A subject under watch. */
interface Watched {
  circuit: Circuit;
  latency: Latency;
  readonly window: Window;
  /** Leaves below it that had a call; only parents have any. */
  readonly children: Set<Subject>;
  judgedAt: number;
  seenAt: number;
}

/** A subject as people see it. */
export interface SubjectReport {
  readonly subject: Subject;
  readonly circuit: Circuit;
  /** The class as last judged, with the figures of the last minute. */
  readonly latency: Latency;
  /** Calls in the last minute, and how many of them failed. */
  readonly calls: number;
  readonly failed: number;
  /** When it was last called; database time. */
  readonly seenAt: number;
}

/** What one call was like. */
export interface Observation {
  readonly verdict: Verdict;
  readonly durationMs: number;
  /** It was let through as a probe. */
  readonly probe: boolean;
}

/**
 * What this process knows of the partners behind its handlers, learnt from its own calls alone. Nothing here runs by a
 * timer: a subject is judged when it is called, and what passes with time is worked out when it is asked for.
 */
export class Health {
  private readonly watched = new Map<Subject, Watched>();

  constructor(
    private readonly log: Log,
    private readonly tally: Tally,
  ) {}

  /** By subject; changes as calls are observed. */
  get subjects(): ReadonlyMap<Subject, Readonly<Pick<Watched, 'circuit' | 'latency' | 'seenAt'>>> {
    return this.watched;
  }

  /** What is known of everybody at a database time, the unwell first. */
  report(now: number): readonly SubjectReport[] {
    const rank = ({ circuit, latency }: SubjectReport): number =>
      2 * Number(circuit.state !== 'closed') + Number(latency.class === 'slow');
    return [...this.watched]
      .map(([subject, { circuit, latency, window, seenAt }]) => {
        const { calls, failed } = window.sums(now);
        const figures = window.figures(now);
        return {
          subject,
          circuit: circuitAt(circuit, now),
          latency: { ...latency, ...figures },
          calls,
          failed,
          seenAt,
        };
      })
      .sort((a, b) => rank(b) - rank(a) || b.calls - a.calls);
  }

  /** Takes a call in. `now` is database time. */
  observe(subject: Subject, { verdict, durationMs, probe }: Observation, now: number): void {
    const chain = chainOf(subject);
    if (verdict === 'nothing') {
      if (probe) this.returnProbe(subject);
      return;
    }
    const slow = durationMs >= POLICY.circuit.slowCallMs;
    const call: Call = { failed: verdict === 'failed', slow, probe };
    for (const [depth, name] of chain.entries()) {
      const one = this.of(name, now);
      one.seenAt = now;
      one.window.add(call, durationMs, now);
      // Only a failure or a slow call can open it by its sums.
      const sums = depth > 0 ? null : call.failed || slow ? one.window.sums(now) : NO_SUMS;
      this.turn(name, one, afterCall(one.circuit, call, sums, now, name), now);
      if (depth > 0) one.children.add(subject);
      this.judge(name, one, now);
    }
  }

  /** Takes a probe of every subject in the chain that counts them. */
  takeProbe(subject: Subject, now: number): void {
    for (const name of chainOf(subject)) {
      const one = this.watched.get(name);
      if (one) this.turn(name, one, takeProbe(one.circuit, now), now);
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
    this.tally.count(`circuit.${circuit.state}`);
    const facts = { subject: name, from: before.state, to: circuit.state };
    if (circuit.state !== 'open') return this.log.info('A circuit changed its state.', facts);
    const cause = { ...facts, cause: circuit.cause, forMs: circuit.until - now };
    this.log.warn('A circuit opened: its messages wait, and cost no attempt.', cause);
    for (const parent of chainOf(name).slice(1)) this.openParent(parent, now);
  }

  /** A parent opens on the evidence of several children: one bad bank is not the handler for all banks. */
  private openParent(name: Subject, now: number): void {
    const parent = this.watched.get(name);
    if (!parent || circuitAt(parent.circuit, now).state !== 'closed') return;
    const { parentChildren, parentShare } = POLICY.circuit;
    let lively = 0;
    let opened = 0;
    for (const child of parent.children) {
      const state = this.watched.get(child);
      const isOpen = state !== undefined && circuitAt(state.circuit, now).state !== 'closed';
      if (!state || (!isOpen && state.window.sums(now).calls === 0)) continue;
      lively++;
      opened += Number(isOpen);
    }
    if (opened < parentChildren || opened < lively * parentShare) return;
    this.turn(name, parent, open(parent.circuit, `${opened} of ${lively} below it are open`, now, name), now);
  }
}

const NO_SUMS = { calls: 0, failed: 0, slow: 0 };
