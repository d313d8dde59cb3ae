import type { TraceLine } from './opinion.js';
import type { Route } from './route.js';
import type { Snapshot } from './snapshot.js';
import type { Subject } from './subject.js';

/** Why a dispatch went where it went, kept with its node instance: the latest one. */
export interface Receipt {
  /** Whose health counted, the most specific first in its chain; `null`: it was not dispatched. */
  readonly subject: Subject | null;
  /** Who decided; `null`: it was not dispatched. */
  readonly code: string | null;
  /** The version of the rules that were in force; `null`: there were none. */
  readonly rules: string | null;
  /** Every opinion, in the order of precedence; with the figures of then. */
  readonly trace: readonly TraceLine[];
  /** It was kept back where it arrived, and has given its fallback: no handler was asked. */
  readonly degraded?: true;
  /** What its conditions read of circuits, in the order in which they asked. */
  readonly asked?: readonly Asked[];
}

/** What was found of a circuit by a condition that asked. */
export interface Asked {
  /** The task that would be gone to. */
  readonly node: string;
  readonly subject: Subject;
  /** It would be kept back. */
  readonly open: boolean;
  /** By what. */
  readonly said: string | null;
}

/** Of one row: a loop of attempts asks again and again. */
const MOST_ASKED = 20;

/** A receipt with what was asked for its row, the latest; the same receipt when nothing was. */
export function asking(receipt: Receipt | null, asked: readonly Asked[] | undefined): Receipt | null {
  if (asked === undefined) return receipt;
  const none: Receipt = { subject: null, code: null, rules: null, trace: [] };
  return { ...(receipt ?? none), asked: asked.slice(-MOST_ASKED) };
}

/** Why a node instance has given its fallback. */
export interface Degraded {
  /** A sentence for people. */
  readonly reason: string;
  readonly receipt: Receipt;
}

/** What is written of a message that a route makes give its fallback. */
export function degradedBy(route: Route, subject: Subject, by: Snapshot): Degraded {
  const { code, trace } = route;
  const said = trace.find(({ won }) => won.includes('action'))?.said ?? route.reason;
  return { reason: `degraded: ${said}`, receipt: { subject, code, rules: by.rulesVersion, trace, degraded: true } };
}

/**
 * The receipt of a route. `null` when the reason alone tells all: the default, for a subject that is the partner as a whole; then
 * nothing is to be stored, which is what most dispatches of a healthy day come to.
 */
export function receiptOf(route: Route, subject: Subject, partner: string, by: Snapshot): Receipt | null {
  const plain = route.code.startsWith('default') && (route.trace.length === 1 || isAtHome(route.trace));
  if (plain && subject === partner) return null;
  return { subject, code: route.code, rules: by.rulesVersion, trace: plain ? [] : route.trace };
}

/** The default, in the part of the lane that is of the one group which has the handler, and is up: the reason says so. */
const isAtHome = ([, second, third]: readonly TraceLine[]): boolean =>
  second?.code === 'group.has' && third === undefined;
