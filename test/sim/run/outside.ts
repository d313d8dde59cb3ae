import type { Fault } from '../world/scenario.js';
import type { World } from '../world/world.js';
import { configure } from './configure.js';

export function client(world: World, which: number, how: string, place: number): boolean {
  const asking = world.clients[which];
  if (!asking || asking.refusal !== null || (how === 'publish') !== (asking.plan.by !== 'http')) return false;
  if (asking.accepted || asking.waits) world.count('repeat');
  if (how === 'publish') {
    asking.publish();
    return true;
  }
  const process = world.processes[place];
  if (!process || process.dead || process.stopping) return false;
  void asking.ask(process);
  return true;
}

/** A worker outside answers once, or twice, or dies over it, or says that it is still at it. */
export function work(world: World, how: string, place: number): boolean {
  const { workers } = world;
  if (how === 'beats') return workers.beat(place);
  if (how === 'dies') return workers.die(place) && world.count('died');
  if (how === 'repeats') return workers.answer(place, 2) && world.count('duplicate');
  return workers.answer(place, 1);
}

/** A person says to one engine that something is done: once, again, or though somebody else is just saying so. */
export function ask(world: World, which: number, how: string, place: number): boolean {
  const process = world.processes[place];
  if (!process || process.dead || process.stopping) return false;
  const { persons } = world;
  const duty =
    how === 'repeats' ? persons.done.at(-1 - which) : how === 'hurries' ? persons.all[which] : persons.open[which];
  if (duty === undefined) return false;
  void persons.complete(process, duty);
  return how === 'completes' || world.count('repeat');
}

/** A person adds items to a list by an engine, or says once more what was taken. */
export function add(world: World, how: string, place: number): boolean {
  const process = world.processes[place];
  if (!process || process.dead || process.stopping) return false;
  if (how === 'repeats') return world.adders.repeat(process) && world.count('repeat');
  if (!world.adders.isOpen) return false;
  void world.adders.add(process);
  return true;
}

/** A letter goes by the broker, or to one engine. */
export function write(world: World, which: number, how: string, place: string | undefined): boolean {
  const writer = world.letters.writers[which];
  if (!writer || writer.refusal !== null) return false;
  const process = place ? world.processes[Number(place)] : null;
  if (process === undefined || (place && (!process || process.dead || process.stopping))) return false;
  if (how === 'send') void writer.send(process);
  else if (how === 'repeat' && writer.accepted > 0) void writer.repeat(process);
  else if (how === 'stray') void writer.stray(++world.strays);
  else return false;
  return how === 'send' || world.count(how as Fault);
}

export function operate(world: World, what: string, which: number, place: number): boolean {
  if (what === 'activates') {
    const isOther = world.versions.active !== which;
    world.versions.active = which;
    return isOther;
  }
  if (what === 'configures') return configure(world, which, world.processes[place] ?? null);
  const instance = [...world.history.courses.keys()][which];
  const process = world.processes[place];
  if (instance === undefined || !process || process.dead || process.stopping) return false;
  const order = { instance, by: 'an operator' };
  if (what === 'moves') {
    const { flow } = world.history.courses.get(instance)?.instance ?? { flow: '' };
    const to = world.versions.active;
    const order = { flow, to, instances: [instance], dryRun: false, by: 'an operator', limit: 1 };
    // Without its database nothing comes of it.
    process.migrateInstances.execute(order).catch(() => {});
    return true;
  }
  if (what === 'retry') {
    void process.engine.retryIncidents.execute({ ...order, only: null });
    return world.count('retry');
  }
  if (what === 'pause' || what === 'resume') {
    if (what === 'resume') world.history.letGo.add(instance);
    void process.engine.pauseInstance[what](order);
    return what === 'resume' || world.count('pause');
  }
  void process.engine.cancelInstance.execute({ instance, by: 'an operator' }).then(({ ok }) => {
    if (ok) world.cancelled.add(instance);
  });
  return world.count('cancel');
}

/** A start that is no JSON, or one that fits no table. */
export function garbage(world: World): boolean {
  world.garbage++;
  const text = world.garbage % 2 === 1 ? '{"salt": ' : '{"poison": true}';
  world.lanes.start({
    flow: 'flow1',
    body: new TextEncoder().encode(text),
    messageId: garbageId(world, world.garbage),
    contentType: 'application/json',
    contentEncoding: null,
    headers: {},
    exchange: 'sluice.start',
    routingKey: 'flow1',
  });
  return world.count('garbage');
}

export const garbageId = (world: World, number: number): string => `garbage-${world.scenario.number}-${number}`;
