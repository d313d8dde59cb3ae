import type { Phase } from '../../../../../src/core/flow/tries/tcc/rule.js';
import { fingerprint } from '../../dice.js';

/** What one participant does. */
export interface ParticipantPlan {
  /** So many attempts to try fail first. */
  readonly fails: number;
  /** What it says then: a yes, a no, or that it cannot. */
  readonly says: 'yes' | 'no' | 'gone';
  /** So many attempts to confirm, or to cancel, fail first; `null`: all of them, and a person sees to it. */
  readonly settles: number | null;
}

/** Several who try, and confirm or cancel together. It always goes on, by its one line. */
export interface TccDoes {
  readonly kind: 'tcc';
  readonly order: 'parallel' | 'sequence';
  readonly participants: readonly ParticipantPlan[];
  /** How long they may try; `null`: as long as they do. */
  readonly withinMs: number | null;
}

export const PHASE_ORDER: readonly Phase[] = ['try', 'confirm', 'cancel'];

/** Which item of a visit is a phase of a participant. */
export const itemFor = (place: number, phase: Phase): number => place * PHASE_ORDER.length + PHASE_ORDER.indexOf(phase);

/** What a participant gives, folded into a short text. */
export const partGives = (node: string, visit: number, item: number, salt: string): string =>
  fingerprint(`${node}.${visit}.${item}:${salt}`);

/** What a person says who has settled one. */
export const BY_HAND = { settledBy: 'a person', reason: 'seen to' } as const;
