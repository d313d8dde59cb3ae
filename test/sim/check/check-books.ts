import type { Block } from '../flow/block.js';
import { worksIn } from '../flow/wide/shown.js';
import type { World } from '../world/world.js';
import { isDone, type Seen, unitOf } from './check-instances.js';

/** I4: in the partner's books every task visit has one effect: it always came with the same key. */
export function everyEffectIsSingle(world: World): string[] {
  const keys = new Map<string, string[]>();
  for (const [key, { unit }] of world.partner.books) keys.set(unit, [...(keys.get(unit) ?? []), key]);
  return [...keys].flatMap(([unit, used]) =>
    used.length === 1 ? [] : [`${unit} had ${used.length} effects, by the keys ${used.join(', ')}`],
  );
}

/** I5: the effects are those of the done tasks; what was cancelled may have had one that nobody waited for. */
export function everyEffectHasItsNode(world: World, seen: readonly Seen[]): string[] {
  const effects = new Set([...world.partner.books.values()].map(({ unit }) => unit));
  const wrong: string[] = [];
  for (const { view, told } of seen) {
    // Its parts have effects: they are asked for by I30.
    const works = worksIn(world.scenario.flows[view.instance.flow] as Block);
    for (const row of view.nodes) {
      const { status } = row;
      const unit = `${view.instance.id}.${unitOf(row)}`;
      const hasOutput =
        !works.has(row.node) && told.outputs[unitOf(row)] !== undefined && told.fails[unitOf(row)] !== undefined;
      if (isDone(status) && hasOutput && !effects.has(unit)) wrong.push(`${unit} is done without an effect`);
      if (isDone(status) || status === 'cancelled') effects.delete(unit);
    }
  }
  return [...wrong, ...[...effects].map((unit) => `${unit} had an effect, but is not done`)];
}

/** I15: where nothing went wrong, nothing is sent twice, and nobody is called twice for the same attempt. */
export function nothingIsDoneInVain(world: World, seen: readonly Seen[]): string[] {
  if (world.scenario.faults.length > 0) return [];
  const wrong: string[] = [];
  for (const { view } of seen)
    for (const { node, visit, error } of view.attempts)
      if (error?.code === 'LEASE_EXPIRED')
        wrong.push(`${view.instance.id}.${node}.${visit} lost its lease, and nothing went wrong`);
  const sent = new Set<string>();
  for (const { instance, node, visit, dispatch } of world.lanes.sent) {
    const name = `${instance}.${node}.${visit} dispatch ${dispatch}`;
    if (sent.has(name)) wrong.push(`${name} was sent twice, and nothing went wrong`);
    sent.add(name);
  }
  for (const { view } of seen)
    for (const { node, visit, attempt } of view.nodes) {
      const unit = `${view.instance.id}.${unitOf({ node, visit })}`;
      const calls = world.partner.calls.get(unit) ?? 0;
      const polls = view.attempts.filter((one) => one.node === node && one.visit === visit && one.how === 'polled');
      const asked = attempt + polls.length;
      if (calls > asked)
        wrong.push(`${unit} was called ${calls} times for ${asked} dispatches, and nothing went wrong`);
    }
  return wrong;
}
