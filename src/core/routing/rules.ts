import type { LaneName } from './lane.js';
import type { Routable } from './opinion.js';
import { chainOf, dimensionOf, type Subject } from './subject.js';

/** Which messages a rule is about: all that is named must hold. */
export interface Match {
  readonly flow: string | null;
  readonly node: string | null;
  readonly handler: string | null;
  readonly tag: string | null;
  /** Values of dimensions, by name. */
  readonly dims: Readonly<Record<string, string>>;
  /** The attempt, from and up to, both included. */
  readonly attemptFrom: number;
  readonly attemptTo: number;
  /** Whose health counts: this subject, or one below it. Left out: anybody's. */
  readonly subject?: Subject;
}

/** What a business says about its messages, in a file beside the flows. */
export interface Rule {
  readonly code: string;
  readonly match: Match;
  readonly lane: LaneName | null;
  readonly minDelayMs: number;
  /** Most of these messages that run at once, in all engines together; left out: as many as there are. */
  readonly limit?: number;
  /** Most of these messages that begin in a time. */
  readonly rate?: { readonly max: number; readonly perMs: number };
  readonly reason: string;
}

/** What an operator says, above everything, and never for ever. */
export interface Override {
  readonly code: string;
  readonly match: Match;
  readonly lane: LaneName | null;
  /** Nothing is sent while it lasts. */
  readonly hold: boolean;
  /** Messages go although a circuit is open. */
  readonly ignoreCircuit: boolean;
  /**
   * What a circuit is taken for. `open`: nothing goes. `closed`: that of the match's subject keeps nothing back; where
   * the match names none, no circuit does.
   */
  readonly circuit?: 'open' | 'closed';
  /** Circuit and latency of the match's subject are taken for what they were when this came into force. */
  readonly freeze?: boolean;
  /** Database time at which it ends. */
  readonly until: number;
  readonly reason: string;
}

export function matches(match: Match, message: Routable): boolean {
  const { flow, node, handler, tag, dims, attemptFrom, attemptTo, subject } = match;
  if (flow !== null && flow !== message.flow) return false;
  if (node !== null && node !== message.node) return false;
  if (handler !== null && handler !== message.handler) return false;
  if (tag !== null && !message.tags.includes(tag)) return false;
  if (message.attempt < attemptFrom || message.attempt > attemptTo) return false;
  if (subject !== undefined && (message.subject === null || !chainOf(message.subject).includes(subject))) return false;
  const own = message.subject === null ? null : dimensionOf(message.subject);
  for (const name in dims) if (own?.name !== name || own.value !== dims[name]) return false;
  return true;
}
