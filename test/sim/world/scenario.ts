import { SERVER_TUNING, type Tuning } from '../../../src/engine/ports/tuning.js';
import { type Block, flowsFrom, handledIn } from '../flow/block.js';
import { undoCalls } from '../flow/calls/undone-calls.js';
import { inputOf } from '../flow/definition.js';
import { Dice, seedOf } from '../flow/dice.js';
import { drawFlows, type Feature } from '../flow/draw-flows.js';
import { growLists } from '../flow/items/added.js';
import { BANKS, handlerOf, type Partners } from '../flow/partners.js';
import { drawPlays } from '../flow/wide/plays/draw-plays.js';
import type { PlayPlan } from '../flow/wide/plays/play-plan.js';
import { type WideFeature, widenAll } from '../flow/wide/widen.js';
import type { StartPlan } from './start-plan.js';

/** Everything that can go wrong. Each schedule has a random part of it switched on. */
export const FAULTS = [
  'crash',
  'stop',
  'disconnect',
  'block',
  'refused',
  'lost',
  'slow',
  'twice',
  'skipped',
  'unconfirmed',
  'unsent',
  'swallowed',
  'duplicate',
  'reorder',
  'purge',
  'forget',
  'blind',
  'repeat',
  'cancel',
  'retry',
  'garbage',
  'jump',
  'unflushed',
  'missing',
  'outage',
  'pause',
  'stray',
  'died',
] as const;
export type Fault = (typeof FAULTS)[number];

/** One world, before anything happens in it. Plain JSON: a regression is kept as it is. */
export interface Scenario {
  readonly seed: number;
  readonly number: number;
  readonly flows: Readonly<Record<string, Block>>;
  readonly starts: readonly StartPlan[];
  readonly engines: number;
  readonly tuning: Tuning;
  readonly maxDelayMs: number;
  /** How far each engine's clock is from the database's. */
  readonly skewsMs: readonly number[];
  readonly faults: readonly Fault[];
  /** How often a step is a fault, from 0 to 1. */
  readonly rate: number;
  readonly steps: number;
  /** Port calls that are answered at once, so that more steps are left for the others. */
  readonly instant: readonly string[];
  /** Whether engines sweep. Where not, only such faults happen as a redelivery alone repairs. */
  readonly sweeping: boolean;
  /** The broker tells how often it has delivered a message, so that engines can suspect what kills them. */
  readonly counting: boolean;
  /** Handlers that an engine lacks while faults happen, as `engine.handler`. */
  readonly missing: readonly string[];
  /** Absent: a handler for each task. */
  readonly partners?: Partners;
  /** Engines learn together how partners behave; absent or false: each for itself. */
  readonly sharing?: boolean;
  /** Another version of every flow is activated now and then, and instances are moved to it; absent or false: there is one. */
  readonly versions?: boolean;
  /** What operators configure; absent: nothing. */
  readonly plays?: readonly PlayPlan[];
}

/**
 * Faults after which the broker still has every message whose work is not stored and sent on. The others lose messages,
 * or what is not caused by a message, and need the sweep.
 */
const REDELIVERED: readonly Fault[] = [
  'crash',
  'stop',
  'refused',
  'lost',
  'slow',
  'twice',
  'skipped',
  'unconfirmed',
  'duplicate',
  'reorder',
  'repeat',
  'cancel',
  'garbage',
  'jump',
  'unflushed',
  'outage',
];

const QUICK = [
  'now',
  'depth',
  'earliest',
  'claimLost',
  'claimDue',
  'incidentsWith',
  'announce',
  'get',
  'states',
  'instance',
  'existing',
  'epoch',
  'after',
  'write',
  'takeProbe',
  'returnProbe',
  'probesLeft',
  'outstanding',
  'claimedFor',
  'expired',
  'recent',
  'signals',
];

/** @param focus what is to be in nearly every world, so that faults in it show soon. */
export function drawScenario(
  seed: number,
  number: number,
  focus: readonly (Feature | WideFeature | Fault)[] = [],
): Scenario {
  const dice = new Dice(seedOf(seed, number));
  const likely = (what: Feature, share: number): boolean => dice.chance(focus.includes(what) ? 0.9 : share);
  const calm = likely('calm', focus.length > 0 ? 0.03 : 0.12);
  const rate = calm ? 0 : dice.pick([0.08, 0.15, 0.3]);
  const often = dice.pick([0.15, 0.35, 0.6]);
  const sweeping = calm || !likely('unswept', 0.2);
  const isOn = (fault: Fault): boolean => dice.chance(often) || focus.includes(fault);
  const faults = calm ? [] : FAULTS.filter((fault) => isOn(fault) && (sweeping || REDELIVERED.includes(fault)));
  const drawn = drawFlows(dice, sweeping, likely);
  const engines = dice.between(1, 3);
  const skewed = dice.chance(0.3);
  const watchHealth = dice.chance(0.6);
  const frail = watchHealth && !calm && likely('frail', 0.3);
  const widened = widenAll(drawn, new Dice(seedOf(seed, number) ^ 0x2545f491), focus, { sweeping, frail });
  const undoing = undoCalls(widened, new Dice(seedOf(seed, number) ^ 0x1b873593), focus);
  const undone = growLists(undoing, new Dice(seedOf(seed, number) ^ 0x5bd1e995), focus);
  const partners = { shared: frail || (watchHealth && dice.chance(0.5)), banks: dice.chance(0.3), frail };
  const wished = drawStarts(dice, undone, sweeping, likely('events', 0.2) && sweeping, frail ? 6 : 4);
  const own = new Dice(seedOf(seed, number) ^ 0x3c6ef372);
  const played = drawPlays({ flows: undone, starts: wished }, own, { focus, sweeping });
  const { flows } = played;
  return {
    seed,
    number,
    ...played,
    sweeping,
    versions: focus.includes('versions') || new Dice(seedOf(seed, number) ^ 0x68e31da4).chance(0.25),
    engines: frail ? Math.min(2, engines) : engines,
    partners,
    sharing: watchHealth && dice.chance(0.5),
    tuning: { ...drawTuning(dice, sweeping), watchHealth },
    maxDelayMs: sweeping ? dice.pick([0, 5_000, 86_400_000]) : 86_400_000,
    skewsMs: Array.from({ length: engines }, () => (skewed ? dice.between(-600_000, 600_000) : 0)),
    faults: frail
      ? [...new Set([...faults.filter((one) => dice.chance(0.5) || focus.includes(one)), 'outage' as const])]
      : faults,
    rate,
    steps: frail ? 300 : dice.pick([40, 120, 200, 300]),
    instant: QUICK.filter(() => dice.chance(0.7)),
    counting: !calm && dice.chance(0.3),
    missing: faults.includes('missing')
      ? Object.values(flows)
          .flatMap(handledIn)
          .filter(() => dice.chance(0.3))
          .map((id) => `${dice.below(engines)}.${handlerOf(id, partners)}`)
      : [],
  };
}

function drawStarts(
  dice: Dice,
  flows: Readonly<Record<string, Block>>,
  http: boolean,
  isTold: boolean,
  most: number,
): StartPlan[] {
  const shared = dice.chance(0.3);
  return Array.from({ length: dice.between(1, most) }, (_, i) => {
    const flow = dice.pick(Object.keys(flows).filter((name) => name.startsWith('flow')));
    const salt = `s${dice.below(1_000)}`;
    const event = isTold && dice.chance(0.6) ? `e${dice.below(i + 1)}` : null;
    return {
      flow,
      ...(event === null ? { by: http && dice.chance(0.5) ? 'http' : 'amqp' } : { by: 'event', event }),
      receipt: `receipt-${i}`,
      key: event !== null ? null : shared ? `order-${dice.below(2)}` : dice.chance(0.3) ? `order-${i}` : null,
      input: {
        ...Object.assign({}, ...flowsFrom(flow, flows).map((name) => inputOf(flows[name] as Block))),
        salt,
        receipt: `receipt-${i}`,
        bank: dice.pick(BANKS),
      },
    };
  });
}

/** The defaults' proportions, in a smaller world. */
function drawTuning(dice: Dice, sweeping: boolean): Tuning {
  const prefetch = dice.pick([1, 2, 8]);
  return {
    ...SERVER_TUNING,
    committers: dice.between(1, 2),
    batch: dice.pick([1, 2, 8]),
    unconfirmed: dice.between(1, 2),
    prefetch: { fast: prefetch, normal: prefetch, slow: prefetch, retry: prefetch, probe: prefetch },
    startPrefetch: prefetch,
    sweepEveryMs: sweeping ? 6_000 : 1_000_000_000,
    sweepGraceMs: 12_000,
    sweepQuietMs: 24_000,
    timerEveryMs: 3_000,
    leaseMs: 30_000,
    leases: dice.pick([1, 100]),
    leaseEveryMs: 5_000,
    healEveryMs: 15_000,
    holdMs: 4_000,
    drainMs: 8_000,
    abortMs: 2_000,
  };
}
