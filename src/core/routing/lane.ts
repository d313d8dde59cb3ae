/**
 * Lanes are queues with their own consumers and concurrency. The number is stored with each dispatch: it is the
 * physical queue that the sweep watches, so a number is never reused. 0 is the database timer.
 */
export const LANES = { fast: 1, normal: 2, slow: 3, retry: 4, probe: 5 } as const;

export type LaneName = keyof typeof LANES;
export const LANE_NAMES = Object.keys(LANES) as readonly LaneName[];

/** Queue number of dispatches that wait in the database alone. */
export const DATABASE_TIMER = 0;

/** Queue number of rows that somebody works on by a lease: no message is on its way, and `wakeAt` is the lease's end. */
export const LEASED = -1;
