import { itemOf, itemVisit } from '../../../definition/work/each.js';
import type { Expression } from '../../../expression.js';
import type { Secretive } from '../../../safe/secret-use.js';

/** Several participants that do something together or not at all: each tries, then all confirm, or all cancel. */
export interface TccRule {
  /** `sequence`: the next tries when the one before has. */
  readonly order: 'parallel' | 'sequence';
  readonly participants: readonly Participant[];
  /** How long all of them may try together, in milliseconds from when the node is entered; absent: as long as their attempts take. */
  readonly withinMs?: number;
}

/** Its three handlers. */
export interface Participant extends Secretive {
  readonly name: string;
  /** Reserves; nothing of it may be seen as done yet. */
  readonly try: string;
  /** Makes what was reserved final. It must succeed in the end. */
  readonly confirm: string;
  /** Gives back what was reserved. It must succeed in the end. */
  readonly cancel: string;
  /** What all three get; `null`: the scope as it stands. */
  readonly in: ReadonlyMap<string, Expression> | null;
}

export const PHASES = ['try', 'confirm', 'cancel'] as const;
export type Phase = (typeof PHASES)[number];

/** Which phase of which participant a node instance is. */
export interface TccPart {
  /** Place among the participants, from 0. */
  readonly place: number;
  readonly name: string;
  readonly phase: Phase;
}

/** What a task has to do with participants. */
export interface Parted {
  /** It is done by several of them together, or not at all. */
  readonly tcc?: TccRule;
  /** It is one phase of one of them. */
  readonly part?: TccPart;
}

/** The visit number under which a participant does a phase: a node instance of its own, with attempts and a key of its own. */
export const partVisit = (visit: number, place: number, phase: Phase): number =>
  itemVisit(visit, place * PHASES.length + PHASES.indexOf(phase));

/** What a visit number stands for; `null`: the whole of it. */
export function partAt({ participants }: Pick<TccRule, 'participants'>, visit: number): TccPart | null {
  const item = itemOf(visit);
  if (item === null) return null;
  const place = Math.floor(item / PHASES.length);
  const [name, phase] = [participants[place]?.name, PHASES[item % PHASES.length]];
  return name === undefined || phase === undefined ? null : { place, name, phase };
}
