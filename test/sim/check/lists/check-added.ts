import { isUndo, itemOf } from '../../../../src/core/definition/work/each.js';
import type { Block } from '../../flow/block.js';
import { broughtBy, isBad } from '../../flow/items/added.js';
import { listsIn } from '../../flow/items/each-block.js';
import type { World } from '../../world/world.js';
import type { Seen } from '../check-instances.js';

/** I43: what has come to lists are the letters that were used and the words that were taken, each once and whole. */
export function everyAddedItemIsThere(world: World, seen: readonly Seen[]): string[] {
  const { history, letters, adders, scenario } = world;
  const wrong = adders.refusals.map((what) => `a person who adds was refused: ${what}`);
  const came = new Map<string, number[]>();
  for (const { view } of seen) {
    const { id, flow } = view.instance;
    for (const list of listsIn(scenario.flows[flow] as Block))
      for (const { node, visit } of view.nodes) {
        if (!list.added || node !== list.id || itemOf(visit) !== null || isUndo(visit)) continue;
        for (const { from, texts } of history.guards.added.cameTo(id, node, visit)) {
          const text = texts.join('; ');
          const name = `${view.input['receipt']} ${node} ${text}`;
          came.set(name, [...(came.get(name) ?? []), from]);
        }
      }
  }
  const orders = adders.orders.map((order) => {
    const receipt = history.courses.get(order.instance)?.receipt;
    return [`${receipt} ${order.node} ${order.items.join('; ')}`, order] as const;
  });
  for (const [name, { said, heard, taken, seen }] of orders) {
    const places = came.get(name) ?? [];
    came.delete(name);
    // An engine that does not know whether it was stored asks again, and then it may be too late.
    const isDoubtful = heard < said || scenario.faults.includes('lost');
    const [least, most] = [Number(taken), Number(taken || isDoubtful)];
    if (places.length < least || places.length > most)
      wrong.push(`${name} has come ${places.length} times, ${taken ? 'and was' : 'but was not'} taken`);
    if (seen !== null && places.some((from) => from !== seen))
      wrong.push(`${name} has come to place ${places}, by somebody who has seen ${seen}`);
  }
  for (const { receipt, node, begun, list } of letters.writers) {
    if (!list) continue;
    const courses = [...history.courses.values()].filter((one) => one.receipt === receipt);
    const raised = courses.flatMap((one) => one.raised).filter((one) => one.node === `${list.id}@more`);
    let used = raised.length;
    let allowed = 0;
    for (let number = 1; number <= begun; number++) {
      if (isBad(list, receipt, number)) {
        allowed++;
        continue;
      }
      const name = `${receipt} ${list.id} ${(broughtBy(list, receipt, number)['items'] as string[]).join('; ')}`;
      const places = came.get(name) ?? [];
      came.delete(name);
      used += places.length;
      if (places.length > 1) wrong.push(`${name} has come ${places.length} times`);
    }
    if (raised.length > allowed)
      wrong.push(`${receipt} ${node} raised ${raised.length} incidents by ${allowed} letters`);
    const { received } = history.mailOf(receipt, node);
    if (used !== received) wrong.push(`${received} letters to ${receipt} ${node} were used, but ${used} have come`);
  }
  return [...wrong, ...[...came.keys()].map((name) => `${name} has come, and nobody has said it`)];
}
