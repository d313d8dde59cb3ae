/** How an instance came to stand for a start that is not its own, or was made twice. */
export interface Stands {
  /** It was found by the business key now, and not by the start's identity. */
  readonly byKey: boolean;
  /** Database time. */
  readonly since: number;
}

/**
 * Whether the instance of a duplicate is another start's, so that a share which was taken for it is unused. The same start may be asked for
 * by two at once: one takes the share, the other stores the instance, which is then younger than the asking; and that share is used.
 * @param at when it was asked for.
 */
export const isAnothers = (stands: Stands | undefined, claimed: 'taken' | 'again', at: number): boolean =>
  stands?.byKey === true || (claimed === 'taken' && (stands === undefined || stands.since < at));
