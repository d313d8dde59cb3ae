import { circuitAt } from '../../../src/core/routing/health/circuit.js';
import type { World } from '../world/world.js';

/** I20: of each partner whose circuit is not closed, all engines know what is written, and nothing older. */
export async function everyEngineKnowsTheSame(world: World): Promise<string[]> {
  const { subjects } = await world.opened.health.after(0);
  const wrong: string[] = [];
  for (const { subject, version, circuit } of subjects) {
    const { state } = circuitAt(circuit, world.clock.at);
    if (state === 'closed') continue;
    for (const { place, engine, stopping } of world.up) {
      const known = engine.router.health.sharedVersion(subject);
      if (!stopping && known !== version)
        wrong.push(`${subject} is ${state} since version ${version}, but e${place} knows version ${known}`);
    }
  }
  return wrong;
}
