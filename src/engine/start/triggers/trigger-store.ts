/** A share of a trigger's quota that one event takes. The texts are hashes. */
export interface QuotaClaim {
  readonly trigger: string;
  /** Equal for what is the same event. */
  readonly identity: string;
  /** Whose share it takes. */
  readonly share: string;
}

/** What became of events, by how many. */
export interface TriggerTally {
  /** An instance was made. */
  readonly started: number;
  /** The instance was there before. */
  readonly duplicate: number;
  /** Its condition did not hold, or it was outside its window. */
  readonly passed: number;
  /** Its quota was used up. */
  readonly over: number;
  /** Nothing could be started; what came is in the quarantine. */
  readonly failed: number;
}

export interface TriggerCount extends TriggerTally {
  readonly trigger: string;
  /** When it started something last; database time, `null`: never. */
  readonly lastAt: number | null;
}

/** How far the ticks of a trigger are dealt with. */
export interface TickCursor {
  readonly trigger: string;
  /** Fingerprint of the expression and zone that were gone by. */
  readonly rule: string;
  /** Up to and with that time; database time. */
  readonly doneAt: number;
}

/** What triggers must remember, whichever engine hears of an event. */
export abstract class TriggerStore {
  /**
   * Takes one of `max` from a share. `again`: this event has one already; `over`: there is none left. Safe against
   * any number of engines at once.
   */
  abstract claim(claim: QuotaClaim, max: number): Promise<'taken' | 'again' | 'over'>;
  /** Gives back what {@link claim} has taken. */
  abstract release(claim: QuotaClaim): Promise<void>;
  /** Adds to what is counted. */
  abstract add(counts: readonly TriggerCount[]): Promise<void>;
  /** Of all triggers that ever counted something. */
  abstract counts(): Promise<readonly TriggerCount[]>;
  /** How far these triggers are, by code; one that is seen for the first time begins now. */
  abstract cursors(triggers: readonly Omit<TickCursor, 'doneAt'>[]): Promise<ReadonlyMap<string, TickCursor>>;
  /** Tells how far a trigger is; it never goes back. */
  abstract tickedTo(cursor: TickCursor): Promise<void>;
  /** Forgets events that took their share before a time, at most `limit`; the shares stay used. Answers how many it forgot. */
  abstract forgetClaims(before: number, limit: number): Promise<number>;
}
