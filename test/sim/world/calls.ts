/** What becomes of a port call. */
export type Fate =
  /** It is carried out and answered. */
  | 'do'
  /** It never got there: `StoreUnavailable`, or not published. */
  | 'refused'
  /** It is carried out, and its answer is lost: `StoreUnavailable`, or no confirm. */
  | 'lost'
  /** It is carried out; its answer is another step. */
  | 'slow'
  /** A special way of the call, if it has one: asked twice, rows locked by others, confirmed without being sent. */
  | 'odd';

/** A call of an engine to one of its ports that has not been carried out yet. */
export interface Call {
  readonly name: string;
  /** Fates beside `do` that it can meet, each with the fault that must be switched on. */
  readonly fates: Readonly<Partial<Record<Fate, string>>>;
  /** Carries it out with the fate it meets, and gives what answers the engine. */
  readonly meet: (fate: Fate) => Promise<() => void>;
}

/** The calls of one engine process. When it dies, they are forgotten: nobody waits for their answers any more. */
export class Calls {
  pending: Call[] = [];
  /** Answers on their way. */
  replies: (() => void)[] = [];
  running: Call[] = [];

  constructor(private readonly instant: ReadonlySet<string>) {}

  /** @param work carries the call out; `meet` decides about its answer. */
  make<T>(name: string, work: (fate: Fate) => Promise<T>, how: Ways<T> = {}): Promise<T> {
    return new Promise((resolve, reject) => {
      const settle = async (promise: Promise<T>): Promise<() => void> => {
        try {
          const value = await promise;
          return () => resolve(value);
        } catch (fault) {
          return () => reject(fault as Error);
        }
      };
      const meet = async (fate: Fate): Promise<() => void> => {
        if (fate === 'refused' && how.refuse) return settle(how.refuse());
        const answer = settle(work(fate));
        if (fate !== 'lost' || !how.lose) return answer;
        await answer;
        return settle(how.lose());
      };
      if (this.instant.has(name)) void meet('do').then((answer) => answer());
      else this.pending.push({ name, fates: how.fates ?? {}, meet });
    });
  }
}

/** The ways in which a call can go wrong. */
export interface Ways<T> {
  readonly fates?: Call['fates'];
  readonly refuse?: () => Promise<T>;
  readonly lose?: () => Promise<T>;
}
