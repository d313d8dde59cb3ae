import type { TaskPlan } from './block.js';
import type { ControlKind } from './control/draw-control.js';
import type { Dice } from './dice.js';

/** What a drawn flow may hold; switched on and off by the swarm. */
export interface Drawing {
  readonly depth: number;
  readonly failures: boolean;
  readonly never: boolean;
  readonly poison: boolean;
  readonly timers: boolean;
  /** Waits for messages. */
  readonly talk: boolean;
  /** Flows that it may call. */
  readonly callable: readonly string[];
  /** Lists whose items are done one by one. */
  readonly lists: boolean;
  /** Races that cancel, copies, scopes; and where engines sweep, what excludes or needs another. */
  readonly control: readonly ControlKind[];
  /** What is done can be undone. */
  readonly undo: boolean;
  /** Who may do tasks beside handlers under their delivery. */
  readonly hands: readonly NonNullable<TaskPlan['by']>[];
  /** What its ids begin with: none is in two flows. */
  readonly root: string;
}

export function drawPlan(dice: Dice, { failures, never, poison, hands, undo }: Drawing): TaskPlan {
  const fails = failures && dice.chance(0.3) ? dice.between(1, 3) : 0;
  const hows: TaskPlan['how'][] = poison ? ['poison', 'error'] : ['error', 'error', 'timeout', 'permanent'];
  return {
    fails,
    how: dice.pick(hows),
    never: never && dice.chance(0.15),
    polls: failures && dice.chance(0.1) ? dice.between(1, 2) : 0,
    reads: dice.pick(['nothing', 'some', 'some', 'all']),
    writes: dice.chance(0.4),
    ...(undo && dice.chance(0.7) && { undo: failures && dice.chance(0.3) ? 1 : 0 }),
    ...(hands.length > 0 && dice.chance(0.4) && { by: dice.pick(hands) }),
  };
}
