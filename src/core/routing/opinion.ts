import type { LaneName } from './lane.js';
import type { Subject } from './subject.js';

/**
 * A first attempt, one that its node delays, a retry, a poll, a timer, an operator's retry, a circuit that let it not go
 * before, or an operator who lets it wait no longer.
 */
export type Cause = 'entered' | 'delayed' | 'retry' | 'poll' | 'timer' | 'operator' | 'deferred' | 'hastened';

/** What a message would exceed, if it ran now. Whoever had it has counted; deciding writes it down. */
export interface Exceeded {
  readonly code: string;
  readonly said: string;
}

/** A message that is to be sent, or is about to be worked on. */
export interface Routable {
  readonly kind: 'task' | 'timer';
  /** Why it is dispatched. */
  readonly cause: Cause;
  readonly node: string;
  readonly handler: string | null;
  readonly attempt: number;
  /** Earliest time from now, in milliseconds. */
  readonly delayMs: number;
  /** The node instance; decides when a ramp lets it through. */
  readonly id: string;
  readonly flow: string;
  readonly tags: readonly string[];
  readonly polls: number;
  /** Why it could not run when it arrived; it waits `delayMs` for that. */
  readonly exceeds?: Exceeded;
  /** Its node says what it gives while its circuit keeps it back. */
  readonly degrades?: true;
  /** What an engine must have to do it; left out: any may, or there is but one group of engines. */
  readonly handlers?: readonly string[];
  /** `null` for timers: they have no partner that could be sick. */
  readonly subject: Subject | null;
}

/** In this order: the first that names a lane or an action wins it, the longest delay wins. */
export type Stage = 'override' | 'circuit' | 'limit' | 'rule' | 'latency' | 'retry' | 'default' | 'pressure' | 'group';

/**
 * `defer`: a circuit lets nothing through now, or a limit is reached. `hold`: an operator does not. `fallback`: a circuit lets
 * nothing through, and the node gives what it says for that. None of them costs an attempt.
 */
export type Action = 'publish' | 'defer' | 'hold' | 'fallback';

/** What one stage has to say; a field that is left out is no opinion. */
export interface Opinion {
  readonly stage: Stage;
  /** Never changes its meaning: `circuit.open`, `latency.slow`, `rule.vip`. */
  readonly code: string;
  readonly said: string;
  readonly lane?: LaneName;
  readonly delayMs?: number;
  readonly action?: Action;
}

/** An opinion and what it came to. */
export interface TraceLine extends Opinion {
  readonly won: readonly ('lane' | 'delay' | 'action')[];
}
