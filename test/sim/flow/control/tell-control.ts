import type { Block, ControlBlock } from '../block.js';

export interface ControlChoices {
  /** The branches that a join went on with; `null`: it was not entered. */
  readonly winners: (join: string, visit: number) => readonly number[] | null;
  readonly skipped: (id: string, visit: number) => boolean;
  /** The visits to a node at whose border something has happened, each as often as it has. */
  readonly strikes: (host: string) => readonly number[];
}

/** The oracle, for what is told by this part of it. */
interface Teller {
  readonly enter: (id: string) => number;
  readonly walk: (block: Block) => boolean;
  /** Tells what has happened of a block that is given up. */
  readonly losing: (block: Block) => boolean;
  readonly isGivenUp: (id: string, visit: number) => boolean;
  readonly refused: (id: string) => boolean;
  readonly choices: ControlChoices;
  /** The number of the next visit. */
  readonly next: (id: string) => number;
}

type Told = ControlBlock | Extract<Block, { kind: 'race' }>;

/** Answers whether it came through. */
export function tellControl(at: Told, { enter, walk, losing, isGivenUp, refused, choices, next }: Teller): boolean {
  if (at.kind === 'compensate') return !isGivenUp(at.id, enter(at.id));
  if (at.kind !== 'border') enter(`${at.id}_split`);
  const join = `${at.id}_join`;
  switch (at.kind) {
    case 'border': {
      const { id } = at.host;
      const strikes = choices.strikes(id);
      const visit = next(id);
      // Beside the node it is told all at once: nothing in it is told apart by when it happens.
      if (!at.interrupts && visit === 1) for (const _ of strikes) if (walk(at.body)) enter(`${at.id}_aside`);
      const isStruck = at.interrupts && strikes.includes(visit);
      if (isStruck) losing(at.host);
      return walk(isStruck ? at.body : at.host) && enter(`${at.id}_merge`) > 0;
    }
    case 'race': {
      const winners = at.rest === 'cancel' ? choices.winners(join, next(join)) : null;
      const through = at.branches.filter((one, i) => {
        if (winners === null || winners.includes(i)) return walk(one);
        losing(one);
        return false;
      });
      return through.length >= at.count && enter(join) > 0;
    }
    case 'copies': {
      let through = 0;
      for (let i = 0; i < at.count; i++) through += Number(walk(at.body));
      return through === at.count && enter(join) > 0;
    }
    case 'while': {
      const isDone = walk(at.first) && walk(at.host);
      if (!walk(at.lead)) return false;
      const isLeftOut = choices.skipped(at.guest.id, next(at.guest.id));
      const goesOn = isLeftOut ? enter(at.guest.id) > 0 : walk(at.guest);
      return isDone && goesOn && enter(join) > 0;
    }
    case 'scope': {
      const beside = at.how === 'error' ? `${at.id}_try` : `${at.id}_go`;
      const goes = at.how === 'error' ? refused(beside) : !isGivenUp(beside, enter(beside));
      const merge = `${at.id}_merge`;
      if (at.how === 'goes-on') return walk(at.body) && goes && enter(join) > 0 && enter(merge) > 0;
      losing(at.body);
      return goes && walk(at.rescue) && enter(merge) > 0;
    }
  }
}
