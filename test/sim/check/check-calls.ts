import { type FlowNode, takesMessage } from '../../../src/core/definition/definition.js';
import { itemOf } from '../../../src/core/definition/work/each.js';
import { isOver } from '../../../src/core/flow/instance.js';
import type { World } from '../world/world.js';
import type { Seen } from './check-instances.js';

/** I23: a call has come to what its instance came to, and nothing that was given up goes on. */
export function everyCallIsAnswered(world: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  for (const { view } of seen) {
    const { id, flow } = view.instance;
    for (const { node, visit, status, attempt, error } of view.nodes) {
      const call = world.definitions.get(flow)?.nodes.get(node);
      // Of calls for each item of a list, only the items call.
      if (call?.kind !== 'call' || (call.each && (itemOf(visit) ?? -1) < 0)) continue;
      const name = `${id}.${node}.${visit}.${attempt}`;
      const called = world.history.called.get(name)?.instance.status ?? 'nowhere';
      const isGood =
        status === 'done'
          ? error === null
            ? call.detach
              ? called !== 'nowhere'
              : called === 'completed'
            : called === 'failed' || called === 'cancelled'
          : status === 'incident'
            ? called === 'failed' || called === 'cancelled'
            : status === 'waiting'
              ? called !== 'nowhere' && !isOver(called)
              : call.detach || called === 'nowhere' || isOver(called);
      if (!isGood)
        wrong.push(`${name} is ${status}${error ? ` with ${error.code}` : ''}, but what it called is ${called}`);
    }
  }
  return [...wrong, ...worksForNobody(world)];
}

/** How long word that nobody wants it may take: who wrote it has 10 s, who took it over 30 s. */
const WORD_MS = 60_000;

function worksForNobody({ history, calmAt }: World): string[] {
  return [...history.abandoned].flatMap(([name, at]) => {
    const called = history.called.get(name)?.instance;
    if (called === undefined || called.status === 'cancelled' || called.endedAt === null) return [];
    // What was started without waiting for it is nobody's to give up.
    if (called.state.caller?.waits === false) return [];
    const since = called.endedAt - Math.max(at, calmAt);
    return since > WORD_MS ? [`${called.id} went on for ${since} ms after ${name} was given up`] : [];
  });
}

const isFound = (node: FlowNode | undefined): boolean => node !== undefined && takesMessage(node);

/** I21: what was not used is there, nothing stays set aside, and those that are found by messages are those that wait for one. */
export async function everyWaitIsFound(world: World, seen: readonly Seen[]): Promise<string[]> {
  const { open, claimed, waits } = await world.opened.store.messages.counts();
  const waiting = seen.flatMap(({ view: { instance, nodes } }) =>
    nodes.filter(
      ({ node, status }) => status === 'waiting' && isFound(world.definitions.get(instance.flow)?.nodes.get(node)),
    ),
  ).length;
  const wrong = claimed === 0 ? [] : [`${claimed} messages are set aside`];
  if (waits !== waiting) wrong.push(`${waiting} visits wait for a message, but messages find ${waits}`);
  // What an event has started leaves the event for whoever waits for it.
  const events = new Set(world.clients.flatMap(({ plan, sent }) => (sent > 0 ? (plan.event ?? []) : [])));
  let lie = world.strays + events.size;
  for (const { receipt, node, accepted } of world.letters.writers)
    lie += accepted - world.history.mailOf(receipt, node).received;
  if (open !== lie) wrong.push(`${open} messages wait for somebody, not the ${lie} that nobody has used`);
  return [
    ...wrong,
    ...world.letters.writers.flatMap(({ refusal }) => (refusal === null ? [] : [`refused: ${refusal}`])),
  ];
}
