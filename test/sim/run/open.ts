import { itemOf } from '../../../src/core/definition/work/each.js';
import { isOver, type NodeInstance } from '../../../src/core/flow/instance.js';
import { type Block, borderOf, unansweredIn } from '../flow/block.js';
import type { Course } from '../world/history.js';
import type { World } from '../world/world.js';

/** Whether a retry of it can only come to the same: the partner will never do it, or the flow that it calls always fails. */
export function isNever(world: World, flow: string, { node, visit }: Pick<NodeInstance, 'node' | 'visit'>): boolean {
  const is = world.definitions.get(flow)?.nodes.get(node);
  if (is?.kind === 'call') return world.scenario.flows[is.flow]?.kind === 'fails';
  return is?.kind === 'task' && world.partner.plan(flow, node, itemOf(visit))?.never === true;
}

/** Whether something is still to happen to it by itself. */
export function isOpen(world: World, course: Course): boolean {
  const { instance, nodes } = course;
  if (instance.endedAt !== null) return false;
  if (instance.status === 'paused' || isUnwanted(world, course)) return true;
  const { flow } = instance;
  const unanswered = unansweredIn(world.scenario.flows[flow] as Block);
  return [...nodes.values()].some(({ node, visit, status, attempt }) => {
    if (status === 'ready') return true;
    if (status === 'incident') return !isNever(world, flow, { node, visit });
    if (status !== 'waiting') return false;
    const is = world.definitions.get(flow)?.nodes.get(node);
    // A list waits for its items, and these say themselves whether something is to happen.
    if (is && 'each' in is && is.each && itemOf(visit) === null) return false;
    if (is?.kind === 'task' && is.tcc && itemOf(visit) === null) return false;
    if (is?.kind === 'guard' && is.on.type === 'message')
      return world.letters.isOnItsWay(course.receipt, borderOf(is.host));
    if (is?.kind !== 'call') return !unanswered.includes(node);
    const called = world.history.called.get(`${instance.id}.${node}.${visit}.${attempt}`);
    // What it called has its own to do; when that is over, its caller has to hear of it.
    return called === undefined || isOver(called.instance.status);
  });
}

/** Whoever called it, and waits, has given it up. */
function isUnwanted({ history }: World, { instance: { state } }: Course): boolean {
  const { caller } = state;
  if (!caller?.waits) return false;
  return history.courses.get(caller.instance)?.nodes.get(`${caller.node}.${caller.visit}`)?.status === 'cancelled';
}
