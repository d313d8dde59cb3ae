import { isActive } from '../../../src/core/flow/instance.js';
import { LANE_NAMES, LANES } from '../../../src/core/routing/lane.js';
import { garbageId } from '../run/outside.js';
import type { World } from '../world/world.js';
import type { Seen } from './check-instances.js';
import { PLAY_SAYS_NO } from './check-plays.js';

/** I6: the counts of an instance are those of its rows. (The history asks the same at every commit.) */
export function everyCountIsExact(_: World, seen: readonly Seen[]): string[] {
  return seen.flatMap(({ view: { instance, nodes, incidents } }) => {
    const active = nodes.filter(({ status }) => isActive(status)).length;
    return active === instance.active && incidents.length === instance.incidents
      ? []
      : [`${instance.id} counts ${instance.active}/${instance.incidents}, but has ${active}/${incidents.length}`];
  });
}

/** I10: no row is left that a sweep or a timer would take. */
export async function nothingIsLost(world: World): Promise<string[]> {
  const wrong: string[] = [];
  for (const lane of [...LANE_NAMES.map((name) => LANES[name]), 0])
    for (const { instance, node } of await world.opened.store.claimLost(lane, Number.MAX_SAFE_INTEGER, 10))
      wrong.push(`${instance} ${node.node}.${node.visit} still waits on queue ${lane} as ${node.status}`);
  return wrong;
}

/** I11: what is over waits for nothing, what runs has something to do, and the store agrees with what was committed. */
export function nothingIsOrphaned(world: World, seen: readonly Seen[]): string[] {
  const wrong: string[] = [];
  for (const { view, told } of seen) {
    const { instance, nodes } = view;
    if (instance.status === 'running' && told.held.length === 0) wrong.push(`${instance.id} still runs`);
    const course = world.history.courses.get(instance.id);
    for (const { node, visit, status, queue, wakeAt } of nodes) {
      if (queue !== null || wakeAt !== null)
        wrong.push(`${instance.id} ${node}.${visit} is ${status} on queue ${queue}`);
      const committed = course?.nodes.get(`${node}.${visit}`)?.status;
      if (committed !== status)
        wrong.push(`${instance.id} ${node}.${visit} is ${status}, but ${committed} was committed`);
    }
  }
  return wrong;
}

/** What engines may log as an error here: results that no store takes, and what was in hand at one crash too many. */
const EXPECTED = ['An event could not be applied.', 'A task is held as CRASH_LOOP'];

/** I13: the quarantine holds all that was put there on purpose and nothing else, the error log what cannot be stored. */
export async function nothingElseIsRefused(world: World): Promise<string[]> {
  const { items } = await world.opened.views.quarantined({ limit: 200 });
  const kept = new Set(items.map(({ headers }) => String(headers['messageId'])));
  const wrong = items
    .filter(({ headers }) => !String(headers['messageId']).startsWith('garbage-'))
    .filter(({ headers, code }) => !(headers['messageId'] && world.scenario.plays && PLAY_SAYS_NO.includes(code)))
    .map(({ code, reason }) => `the quarantine holds ${code}: ${reason}`);
  for (let number = 1; number <= world.garbage; number++)
    if (!kept.has(garbageId(world, number))) wrong.push(`${garbageId(world, number)} is not in the quarantine`);
  const unexpected = world.logged.filter((line) => !EXPECTED.some((start) => line.startsWith(start)));
  return [...wrong, ...unexpected.map((line) => `an engine logged: ${line}`)];
}
