import type { KeepLanes } from '../health/lanes/keep-lanes.js';
import type { InHand } from '../intake/in-hand.js';
import type { Clock } from '../ports/clock.js';
import type { Log } from '../ports/log.js';
import type { Store } from '../ports/store.js';
import type { Tuning } from '../ports/tuning.js';
import type { Beside } from '../start/beside.js';
import type { Tally } from '../tally.js';
import type { Audit } from './audit.js';
import type { ExpireLeases } from './expire-leases.js';
import type { FireDue } from './fire-due.js';
import type { HealHandlers } from './heal-handlers.js';
import { Loop } from './loop.js';
import type { Sweep } from './sweep.js';

export interface LoopedParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly tally: Tally;
  readonly tuning: Tuning;
  readonly inHand: InHand;
  readonly beside: Beside;
  readonly sweep: Sweep;
  readonly fireDue: FireDue;
  readonly expire: ExpireLeases;
  readonly heal: HealHandlers;
  readonly audit: Audit;
  readonly lanes: KeepLanes;
}

/** What an engine does again and again, in the order in which it begins; the last one it does also when it takes no work. */
export function loopsOf(parts: LoopedParts): readonly Loop[] {
  const { store, clock, log, tally, tuning, inHand, beside, sweep, fireDue, expire, heal, audit, lanes } = parts;
  const loop = (name: string, everyMs: number, work: () => Promise<unknown>, soonMs?: () => number | null): Loop =>
    new Loop(name, everyMs, work, clock, log, tally, soonMs);
  const { ticks, forgetClaims } = beside;
  return [
    loop('sweep', tuning.sweepEveryMs, () => sweep.execute()),
    loop('timer', tuning.timerEveryMs, () => fireDue.execute()),
    loop('lease', tuning.leaseEveryMs, () => expire.execute()),
    loop('handler', tuning.healEveryMs, () => heal.execute()),
    loop('hold', tuning.holdMs, () => inHand.hold(store, tuning.holdMs)),
    loop('signal', tuning.sweepEveryMs, () => beside.signals.execute()),
    loop('trigger', tuning.timerEveryMs, () => beside.tellCounts()),
    loop(
      'cron',
      tuning.timerEveryMs,
      () => ticks.execute(),
      () => ticks.soonMs(),
    ),
    loop('claim', tuning.auditEveryMs, () => forgetClaims.execute()),
    loop('message', tuning.sweepEveryMs, () => beside.messaging.correlate.execute()),
    loop('audit', tuning.auditEveryMs, () => audit.execute()),
    loop('lane', tuning.laneEveryMs, () => lanes.execute()),
  ];
}
