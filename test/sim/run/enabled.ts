import type { Fate } from '../world/calls.js';
import type { Fault } from '../world/scenario.js';
import type { World } from '../world/world.js';
import { isKeptBack } from './kept-back.js';

/** A step that can be taken now. Its name says all about it: a schedule is a list of names. */
export interface Step {
  readonly name: string;
  readonly weight: number;
}

/** Most messages at the head of a lane that a reordering may take instead of the first. */
const REACH = 4;

/** Steps that bring the world on, as if nothing went wrong. */
export function progress(world: World): Step[] {
  const steps: Step[] = [];
  const add = (name: string, weight: number): void => {
    steps.push({ name, weight });
  };
  // Where nothing else goes wrong, handlers take so long that lanes fill up behind them.
  const patience = world.scenario.faults.length === 0 ? 0.2 : 4;
  for (const { place, calls, clock, connection, line } of world.up) {
    if (line?.canJudge) add(`e${place} judge`, 3);
    if (line && line.inbox.length > 0) add(`e${place} hear 0`, 3);
    const seen: Record<string, number> = {};
    for (const { name } of calls.pending) {
      const at = seen[name] ?? 0;
      seen[name] = at + 1;
      if (at < 3) add(`e${place} ${name} ${at} do`, 6);
    }
    if (calls.replies.length > 0) add(`e${place} reply`, 4);
    for (let at = 0; at < Math.min(3, calls.running.length); at++) add(`e${place} run ${at} do`, patience);
    if (clock.isDue) add(`e${place} wake`, 5);
    if (connection.unflushed.length > 0) add(`e${place} flush`, 2);
    for (const [lane, queue] of world.lanes.queues)
      if (queue.length > 0 && connection.canTake(lane)) add(`e${place} take ${lane} 0`, 6);
    if (world.lanes.starts.length > 0 && connection.canTake('starts')) add(`e${place} take starts 0`, 6);
    for (const name of ['messages', 'replies'] as const)
      if (world.lanes[name].length > 0 && connection.canTake(name)) add(`e${place} take ${name} 0`, 5);
  }
  for (let at = 0; at < Math.min(3, world.lanes.tasks.length); at++) add(`worker answers ${at}`, patience / 2);
  if (world.lanes.tasks.length > 0) add('worker beats 0', patience / 10);
  const asked = world.up.find(({ stopping }) => !stopping)?.place;
  for (const [at, writer] of world.letters.writers.entries())
    if (world.letters.isWanted(writer) && (writer.byBroker || asked !== undefined))
      add(`letter ${at} send ${writer.byBroker ? '' : asked}`.trim(), 2);
  if (asked !== undefined && world.persons.open.length > 0) add(`person 0 completes ${asked}`, 2);
  if (asked !== undefined && world.adders.isOpen) add(`adder adds ${asked}`, 1.5);
  for (const [at, client] of world.clients.entries()) {
    if (client.accepted || client.waits || client.refusal !== null) continue;
    if (client.plan.by !== 'http') add(`client ${at} publish`, 5);
    else for (const { place, stopping } of world.up) if (!stopping) add(`client ${at} ask ${place}`, 5);
  }
  for (const [which] of (world.calm ? [] : world.plays.plans).entries())
    if (asked !== undefined && world.plays.turn(which)) add(`operator configures ${which} ${asked}`, 1);
  const { frail = false } = world.scenario.partners ?? {};
  for (const name of world.partner.down) add(`partner up ${name}`, frail ? 0.3 : 1);
  if (isKeptBack(world)) add('clock wait', frail ? 3 : 1);
  for (const [place, process] of world.processes.entries())
    if (process === null || process.dead) add(`e${place} boot`, 2);
    else if (!process.connection.ready && !process.stopping) add(`e${place} connect`, 2);
    else if (process.connection.blocked) add(`e${place} unblock`, 1);
  return steps;
}

/** Whether only time, or a handler that takes its time, can bring the world on. */
export function isIdle(world: World, steps: readonly Step[] = progress(world)): boolean {
  return steps.every(({ name }) => / run |^clock|^partner|^worker|^operator/.test(name));
}

/** Steps that should not happen, of the kinds that the scenario has switched on. */
export function mishaps(world: World): Step[] {
  const steps: Step[] = [];
  const has = new Set(world.scenario.faults);
  const add = (fault: Fault, name: string, weight = 1): void => {
    if (has.has(fault)) steps.push({ name, weight });
  };
  for (const { place, calls, connection, stopping, line } of world.up) {
    if (line && line.inbox.length > 0) add('forget', `e${place} miss 0`);
    if (line && line.inbox.length > 1) add('reorder', `e${place} hear 1`);
    add('crash', `e${place} crash`, 1);
    if (!stopping) add('stop', `e${place} stop`, 0.5);
    if (connection.ready) add('disconnect', `e${place} disconnect`, 0.7);
    if (!connection.blocked) add('block', `e${place} block`, 0.4);
    for (const [kind, list] of [
      ['', calls.pending],
      ['run', calls.running],
    ] as const) {
      const seen: Record<string, number> = {};
      for (const { name, fates } of list) {
        const at = seen[name] ?? 0;
        seen[name] = at + 1;
        if (at > 1) continue;
        for (const fate of Object.keys(fates) as Fate[])
          add(fates[fate] as Fault, `e${place} ${kind || name} ${at} ${fate}`, 1.5);
      }
    }
    for (const [lane, queue] of world.lanes.queues)
      if (connection.canTake(lane))
        for (let at = 1; at < Math.min(REACH, queue.length); at++) add('reorder', `e${place} take ${lane} ${at}`, 1);
  }
  for (const name of world.partner.names) if (!world.partner.down.has(name)) add('outage', `partner down ${name}`, 1);
  for (let at = 0; at < Math.min(6, world.lanes.sent.length); at++) add('duplicate', `duplicate ${at}`, 0.4);
  if (world.lanes.tasks.length > 0) {
    add('died', 'worker dies 0', 1);
    add('duplicate', 'worker repeats 0', 1);
  }
  if (world.lanes.ready > world.lanes.clients) add('purge', 'purge', 1);
  if (world.lanes.delayed.length > 0) add('forget', 'forget', 1);
  for (const [at, client] of world.clients.entries()) {
    if (client.refusal !== null) continue;
    if (client.plan.by !== 'http') add('repeat', `client ${at} publish`, 0.3);
    else for (const { place, stopping } of world.up) if (!stopping) add('repeat', `client ${at} ask ${place}`, 0.3);
  }
  const instances = [...world.history.courses.keys()];
  const asked = world.up.find(({ stopping }) => !stopping)?.place;
  for (const [at, { accepted, byBroker }] of world.letters.writers.entries()) {
    add('stray', `letter ${at} stray`, 0.3);
    if (accepted === 0 || (!byBroker && asked === undefined)) continue;
    add('repeat', `letter ${at} repeat${byBroker ? '' : ` ${asked}`}`, 0.3);
  }
  if (asked !== undefined) {
    add('repeat', `person 0 hurries ${asked}`, 0.3);
    if (world.adders.orders.length > 0) add('repeat', `adder repeats ${asked}`, 0.3);
    if (world.persons.done.length > 0) add('repeat', `person 0 repeats ${asked}`, 0.3);
  }
  for (let at = 0; at < Math.min(4, instances.length); at++)
    for (const { place, stopping } of world.up) {
      if (stopping) continue;
      add('pause', `operator pause ${at} ${place}`, 0.3);
      add('pause', `operator resume ${at} ${place}`, 0.6);
      add('cancel', `operator cancel ${at} ${place}`, 0.15);
      add('retry', `operator retry ${at} ${place}`, 0.5);
      if (world.scenario.versions) steps.push({ name: `operator moves ${at} ${place}`, weight: 0.6 });
    }
  if (world.scenario.versions) steps.push({ name: `operator activates ${3 - world.versions.active}`, weight: 1 });
  add('garbage', 'garbage', 0.2);
  for (const ms of [1_000, 15_000, 60_000, 600_000]) add('jump', `clock +${ms}`, 0.3);
  return steps;
}
