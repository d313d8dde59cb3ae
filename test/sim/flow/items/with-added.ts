/** More items come to a list while some of it are under way. */
export interface Added {
  /** With how many it begins. What comes later is done by the next plan, and after the last by the first again. */
  readonly first: number;
  /** Most items that a letter brings. */
  readonly most: number;
  /** Some letters bring none, by mistake. */
  readonly bad: boolean;
  /** No more are to come after so many items, or after the letter of that number; `null`: when none is left. */
  readonly last: { readonly by: 'total' | 'letter'; readonly count: number } | null;
}

export interface WithAdded {
  readonly added?: Added;
}
