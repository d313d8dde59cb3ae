import type { World } from '../world/world.js';
import { isDone, type Seen, unitOf } from './check-instances.js';

/**
 * I30: of work with several parts those were asked that the plan comes to, and no others; and where nothing else goes
 * wrong, none once more after it has answered.
 */
export function everyPartIsAsked(world: World, seen: readonly Seen[]): string[] {
  const { asked } = world.partner.parts;
  const isCalm = world.scenario.faults.length === 0;
  const wrong: string[] = [];
  const told = new Set<string>();
  const open: string[] = [];
  for (const { view, told: oracle } of seen) {
    const done = new Set(view.nodes.filter(({ status }) => isDone(status)).map(unitOf));
    for (const row of view.nodes) if (!isDone(row.status)) open.push(`${view.instance.id}.${unitOf(row)}/`);
    for (const [part, should] of Object.entries(oracle.asks)) {
      const name = `${view.instance.id}.${part}`;
      told.add(name);
      if (!done.has(part.split('/')[0] as string)) continue;
      const is = asked.get(name) ?? 0;
      if (isCalm ? is !== should : is === 0) wrong.push(`${name} was asked ${is} times, not ${should}`);
    }
  }
  for (const name of asked.keys())
    if (!told.has(name) && !open.some((unit) => name.startsWith(unit)))
      wrong.push(`${name} was asked, which its plan does not come to`);
  return wrong;
}
