export { FAULTS } from './world/scenario.js';

/** Counters of the engine that tell that a path of repair was taken. A path that no schedule takes is not tested. */
export const PATHS = [
  'circuit.closed',
  'circuit.half-open',
  'circuit.open',
  'circuit.ramp',
  'commit.away',
  'commit.bisected',
  'commit.broken',
  'commit.skipped',
  'delivery.claimed',
  'delivery.copy',
  'delivery.deferred',
  'delivery.early',
  'delivery.stale',
  'dispatch.refused',
  'healed',
  'loop.failed',
  'quarantined',
  'rejected.instance-over',
  'rejected.node-instance-over',
  'rejected.stale-attempt',
  'republished.successors',
  'start.duplicate',
  'swept',
  'timer.fired',
] as const;
