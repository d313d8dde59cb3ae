import type { World } from '../world/world.js';
import type { Seen } from './check-instances.js';

/** I28: what a person was told is taken is what is stored, once; and people are asked for all that waits for them alone. */
export async function everyPersonIsHeard(world: World, seen: readonly Seen[]): Promise<string[]> {
  const wrong = world.persons.refusals.map((what) => `a person was refused: ${what}`);
  const { items } = await world.opened.views.manualTasks({ limit: 200 });
  const listed = new Set(items.map(({ instance, node, visit }) => `${instance}.${node}.${visit}`));
  for (const { view } of seen)
    for (const { node, visit, status, output } of view.nodes) {
      const name = `${view.instance.id}.${node}.${visit}`;
      const isManual = world.definitions.get(view.instance.flow)?.nodes.get(node)?.kind === 'manual';
      if (isManual && listed.delete(name) !== (status === 'waiting'))
        wrong.push(`${name} is ${status}, not as people are asked`);
      const told = world.persons.told.get(name);
      if (!told) continue;
      if (told.taken > 1) wrong.push(`${name} was taken from ${told.taken} people`);
      for (const one of told.outputs)
        if (status !== 'done' || JSON.stringify(output) !== one)
          wrong.push(`${name} is ${status} with ${JSON.stringify(output)}, and a person was told that it has ${one}`);
    }
  return [...wrong, ...[...listed].map((name) => `${name} is asked of people, and is not there`)];
}
