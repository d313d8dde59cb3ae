import { isUndo, undoneVisit } from '../../../src/core/definition/work/each.js';
import type { World } from '../world/world.js';
import { isDone, type Seen } from './check-instances.js';

/** I29: what undoes a call was told of the very instance that the call had made, and is none of its callers. */
export function everyUndoKnowsItsCall(world: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  const inputs = new Map(seen.map(({ view }) => [view.instance.id, view.input]));
  for (const { view } of seen)
    for (const { node, visit, status, attempt } of view.nodes) {
      const is = world.definitions.get(view.instance.flow)?.nodes.get(node);
      if (is?.kind !== 'call' || !is.undo || !isUndo(visit) || !isDone(status)) continue;
      const undoer = world.history.called.get(`${view.instance.id}.${node}.${visit}.${attempt}`)?.instance;
      const whom = view.nodes.find((row) => row.node === node && row.visit === undoneVisit(visit));
      const made = (whom?.output as { instance?: string } | null)?.instance;
      const told = undoer && inputs.get(undoer.id)?.['undone'];
      if (undoer?.flow !== is.undo.flow || made === undefined || told !== made)
        wrong.push(`${view.instance.id} ${node}.${visit} undoes ${made} by ${undoer?.flow}, which was told of ${told}`);
    }
  return wrong;
}
