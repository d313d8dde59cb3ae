/** Every number that the router decides by, in one place. docs/routing.md tells them to people. Times in milliseconds. */
export const POLICY = {
  /** From this attempt on there is little hope: it must not crowd the first tries. */
  retryLaneFrom: 3,
  /** The same for a handler that has been asked so often. */
  pollLaneFrom: 20,
  window: {
    /** What is remembered of a subject: so many slots of this length. */
    slots: 12,
    slotMs: 5_000,
  },
  circuit: {
    /** Failures in a row that open it. */
    consecutive: 5,
    /** Or this share of the window's calls, */
    failRate: 0.5,
    /** or this share of calls as slow as `slowCallMs`, */
    slowRate: 0.8,
    slowCallMs: 10_000,
    /** of at least so many. */
    minCalls: 20,
    /** How long the first opening lasts; each further one lasts twice as long, up to `longestMs`. */
    openMs: 30_000,
    longestMs: 600_000,
    /** The share by which an opening may be longer or shorter, so that subjects do not come back together. */
    jitter: 0.1,
    /** Openings that follow each other within this count on. */
    rememberMs: 600_000,
    /** How many try while it is half-open, and the share of them that must succeed. */
    probes: 5,
    probeOk: 0.8,
    /** How soon to look again when all probes are under way; some look later, by up to `probeSpread` times as long. */
    probeAgainMs: 5_000,
    probeSpread: 2,
    /** Then this share of the messages is let through, one step after the other. */
    ramp: [0.1, 0.5, 1],
    rampStepMs: 20_000,
    /** Calls in a step before its failures are judged, and the share that opens the circuit again. */
    rampCalls: 5,
    rampFailRate: 0.5,
    /** Children that must be open, and their share among those with traffic, before a parent opens. */
    parentChildren: 2,
    parentShare: 0.5,
  },
  share: {
    /** How soon after a failure, and after anything else, an engine reports what it saw. */
    urgentMs: 100,
    reportMs: 1_000,
    /** How often it reports even if it saw nothing, and how often whoever maintains tells that it does. */
    helloMs: 5_000,
    toldMs: 2_500,
    /** Unheard of for so long, nobody maintains: each engine judges for itself. */
    absentMs: 15_000,
    /** How often an engine looks how far the others are, whatever messages were lost; spread over engines by `spreadMs`. */
    pollMs: 8_000,
    spreadMs: 1_500,
    /** How long an engine keeps back what failed here again and again, before all know of it. */
    aloneMs: 5_000,
    /** Probes that nothing was heard of for so long are given out again. */
    probesLostMs: 60_000,
  },
  latency: {
    evaluateMs: 5_000,
    /** Calls in the window before its quantiles say anything. */
    minSamples: 50,
    fastMs: 200,
    leaveFastMs: 400,
    slowMs: 2_000,
    leaveSlowMs: 1_200,
    /** Evaluations running: few towards the slower class, many towards the faster. */
    worseAfter: 3,
    betterAfter: 12,
    /** How long a class is kept at least. */
    dwellMs: 120_000,
    /** More changes than this within the hour, and the slower class is kept for `freezeMs`. */
    mostChanges: 6,
    changesWithinMs: 3_600_000,
    freezeMs: 1_800_000,
    /** Without any call for so long, nothing is known any more. */
    forgetMs: 1_800_000,
  },
  crowd: {
    /** How full a lane is, as a part of its places, when one subject may be told to give way to others, */
    fullFrom: 0.5,
    /** or to those who may come, while nobody else is there, */
    fullAlone: 0.75,
    /** and the part of the places that it must take itself. */
    ownPart: 0.25,
  },
  retries: {
    /** What a budget of retries is a share of: the calls of so many slots of this length. */
    slots: 12,
    slotMs: 5_000,
    /** So many in that time may run whatever their share. */
    few: 5,
    /** A retry beyond the budget waits so long, and up to half as long again, before it asks anew. */
    waitMs: 5_000,
  },
  limit: {
    /** How long a message that a limit turned away waits at least, and at most, before it asks again. */
    leastMs: 1_000,
    longestMs: 15_000,
    /** Of those that were turned away longer ago than this, nobody waits any more. */
    recentMs: 5_000,
    /** How long places count without a word of the engine that holds them, and how often it gives one. */
    leaseMs: 60_000,
    renewMs: 20_000,
    /** What nobody has used for so long is forgotten. */
    unusedMs: 3_600_000,
    /** While the database is away nothing that has a limit begins; so soon it is asked again. */
    awayMs: 1_000,
  },
  groups: {
    /** How often an engine says that it is up and, where there are several groups, looks who else is. */
    everyMs: 20_000,
    /** How long it counts as being up without another word. */
    upMs: 50_000,
    /** How long work waits for a group whose engines are gone, before nobody has its handlers. */
    rememberMs: 900_000,
    /** A message that came to an engine without its handler is sent on after so long, each time twice as long: while some engine has it, and else. */
    elsewhere: { up: { leastMs: 250, mostMs: 4_000 }, gone: { leastMs: 4_000, mostMs: 30_000 } },
    /** How long a dispatch is due in the lane of a group that is gone before another group may have it. */
    oldMs: 15_000,
  },
  alert: {
    /** How long the earliest dispatch of a lane has been due when the outside is told, and when it is told that all is well. */
    laneLateMs: 60_000,
    laneWellMs: 5_000,
    /** How often that is looked at. */
    lookMs: 30_000,
    /** How often it is told at most that retries of one subject exceed a rule's share. */
    budgetMs: 60_000,
  },
  lane: {
    /** Ready messages at which a lane counts as saturated, and at which no longer. */
    saturatedAt: 10_000,
    relievedAt: 2_000,
  },
} as const;
