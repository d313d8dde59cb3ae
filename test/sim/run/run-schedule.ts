import { violationsOf } from '../check/invariants.js';
import { Dice, seedOf } from '../flow/dice.js';
import type { Scenario } from '../world/scenario.js';
import { World } from '../world/world.js';
import { openPlays } from './configure.js';
import { isIdle, mishaps, progress, type Step } from './enabled.js';
import type { OpenWorld } from './open-world.js';
import { perform } from './perform.js';
import { settle } from './settle.js';
import { turn } from './turn.js';

export interface Run {
  readonly steps: readonly string[];
  readonly violations: readonly string[];
  readonly world: World;
}

/** Steps of a schedule that is not given: drawn one after the other from what can happen then. */
export async function drawRun(scenario: Scenario, open: OpenWorld): Promise<Run> {
  const dice = new Dice(seedOf(scenario.seed, scenario.number) ^ 0x5bd1e995);
  return run(scenario, open, (world, taken) => {
    if (taken >= scenario.steps) return null;
    if (dice.fraction() < scenario.rate) {
      const steps = mishaps(world);
      if (steps.length > 0) return weighted(dice, steps);
    }
    const steps = progress(world);
    const idle = isIdle(world, steps);
    // Without faults time does not run away from what could be done at once.
    if (idle || scenario.faults.length > 0) steps.push({ name: 'clock next', weight: idle ? 4 : 1 });
    return weighted(dice, steps);
  });
}

/** The same steps again, as far as they are possible. */
export async function replayRun(scenario: Scenario, steps: readonly string[], open: OpenWorld): Promise<Run> {
  const rest = steps[Symbol.iterator]();
  return run(scenario, open, () => rest.next().value ?? null);
}

async function run(
  scenario: Scenario,
  open: OpenWorld,
  next: (world: World, taken: number) => string | null,
): Promise<Run> {
  const world = new World(scenario, await open());
  if (scenario.plays) await openPlays(world);
  const steps: string[] = [];
  const unhandled = (fault: unknown): void => {
    world.history.violations.push(`I17: unhandled rejection: ${fault instanceof Error ? fault.stack : String(fault)}`);
  };
  process.on('unhandledRejection', unhandled);
  try {
    await turn();
    for (let name = next(world, 0), tries = 1; name !== null; name = next(world, tries++)) {
      if (await perform(world, name)) steps.push(name);
      await turn();
      if (world.history.violations.length > 0) break;
    }
    const restless = world.history.violations.length > 0 ? null : await settle(world);
    await turn();
    const violations =
      restless === null ? await violationsOf(world) : [...world.history.violations, `I16: ${restless}`];
    for (const process of world.up) process.die();
    return { steps, violations, world };
  } finally {
    process.off('unhandledRejection', unhandled);
  }
}

function weighted(dice: Dice, steps: readonly Step[]): string | null {
  let total = 0;
  for (const { weight } of steps) total += weight;
  let left = dice.fraction() * total;
  for (const { name, weight } of steps) {
    left -= weight;
    if (left <= 0) return name;
  }
  return steps.at(-1)?.name ?? null;
}
