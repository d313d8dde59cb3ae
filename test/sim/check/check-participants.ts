import { isUndo, itemOf, visitOf } from '../../../src/core/definition/work/each.js';
import type { World } from '../world/world.js';
import { isDone, type Seen } from './check-instances.js';

/** I40: who was cancelled without a word has never been let try; and the fence has let nobody through who is settled. */
export function everyParticipantIsSettled(world: World, seen: readonly Seen[]): string[] {
  const { participants } = world.partner;
  const wrong = [...participants.violations];
  for (const { view } of seen)
    for (const { node, visit, status, output } of view.nodes) {
      const item = itemOf(visit);
      if (item === null || isUndo(visit) || !participants.nodes.has(`${view.instance.flow} ${node}`)) continue;
      const name = `${view.instance.id}.${node}.${visitOf(visit)}.p${Math.floor(item / 3)}`;
      if (item % 3 === 2 && isDone(status) && output === null && participants.hasTried(name))
        wrong.push(`${name} was let try, and is cancelled without a word`);
    }
  return wrong;
}
