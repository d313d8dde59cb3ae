import { type Circuit, circuitAt } from '../../../src/core/routing/health/circuit.js';
import type { World } from '../world/world.js';

/** Until when messages may wait for circuits that opened while faults happened; whoever opened them may be gone. */
export function keptBackUntil(world: World): number {
  let until = world.clock.at;
  for (const circuit of circuitsOf(world)) if (circuit.state === 'open') until = Math.max(until, circuit.until);
  for (const { instance, nodes } of world.history.courses.values())
    if (instance.endedAt === null)
      for (const { status, wakeAt } of nodes.values()) if (status === 'ready') until = Math.max(until, wakeAt ?? 0);
  return until;
}

/** Whether some circuit lets nothing or not everything through. A half-open one asks for a call, and needs no patience. */
export const isKeptBack = (world: World): boolean =>
  circuitsOf(world).some(({ state }) => state === 'open' || state === 'ramp');

const circuitsOf = (world: World): Circuit[] =>
  world.up.flatMap(({ engine }) =>
    [...engine.router.health.subjects.values()].map(({ circuit }) => circuitAt(circuit, world.clock.at)),
  );
