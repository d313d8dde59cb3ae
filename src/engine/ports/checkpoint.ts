/**
 * The places in a step at which a process may die, in their order, and those of a start and of the loops that repair.
 * docs/durability.md says for each of them what the database holds then and what brings the work back.
 */
export type CrashPoint =
  /** A dispatch has arrived; nothing was done. */
  | 'delivered'
  /** It is known to be due; its handler is about to run, or it is about to be handed to a remote worker. */
  | 'guarded'
  /** The fence of a participant has let its phase through, and is committed; its handler has not been asked. */
  | 'fenced'
  /** The handler has answered, or the remote worker's queue has the task; nobody has heard of it. */
  | 'handled'
  /** Everything of a transition is written; COMMIT is not sent. */
  | 'written'
  | 'committed'
  /** The successors are handed to the broker; it has confirmed nothing. */
  | 'published'
  | 'confirmed'
  | 'acknowledged'
  /** A start is stored; its first dispatch is not published. */
  | 'start.stored'
  /** A lease is stored; its message is not acknowledged, and the handler has not begun. */
  | 'lease.taken'
  /** Leases that have ended are found; nothing has begun anew. */
  | 'lease.found'
  /** Lost dispatches are claimed; none is published again. */
  | 'sweep.claimed'
  /** Due timers are moved to their lanes; none is published. */
  | 'timer.claimed'
  /** A message is kept; nobody has looked for who waits for it. */
  | 'message.kept'
  /** A message is set aside for a wait; its instance has not heard of it. */
  | 'message.claimed';

/** Hears of every point that the engine passes. Tests end the process there; nothing else has a use for it. */
export interface Checkpoint {
  reach(point: CrashPoint): void;
}

export const NO_CHECKPOINT: Checkpoint = { reach: () => {} };
