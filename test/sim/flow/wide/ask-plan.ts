/** What a part of work does when it is asked. */
export interface AskPlan {
  /** So many attempts of its node fail at it. */
  readonly fails: number;
  readonly how: 'error' | 'timeout' | 'permanent';
  /** Fails whenever it is asked. */
  readonly broken?: true;
  /** What becomes of its failures is no failure of the attempt: outages of its partner do not reach it. */
  readonly sheltered?: true;
}

export const SURE: AskPlan = { fails: 0, how: 'error' };
