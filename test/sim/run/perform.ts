import type { Call, Fate } from '../world/calls.js';
import type { QueueName } from '../world/lanes.js';
import { Process } from '../world/process.js';
import type { Fault } from '../world/scenario.js';
import type { World } from '../world/world.js';
import { isIdle } from './enabled.js';
import { add, ask, client, garbage, operate, work, write } from './outside.js';

/**
 * Takes the step of a name; answers false when there is no such step now. A schedule that was shortened still means
 * something: what is not possible any more is left out.
 */
export async function perform(world: World, name: string): Promise<boolean> {
  const words = name.split(' ');
  const [head = '', second = '', third = '', fourth = ''] = words;
  if (head === 'clock') return passTime(world, second);
  if (head === 'worker') return work(world, second, Number(third));
  if (head === 'letter') return write(world, Number(second), third, fourth);
  if (head === 'person') return ask(world, Number(second), third, Number(fourth));
  if (head === 'adder') return add(world, second, Number(third));
  if (head === 'client') return client(world, Number(second), third, Number(fourth));
  if (head === 'partner') return fall(world, second, third);
  if (head === 'operator') return operate(world, second, Number(third), Number(fourth));
  if (head === 'duplicate') return duplicate(world, Number(second));
  if (head === 'purge' || head === 'forget') {
    const gone = head === 'purge' ? world.lanes.purge() + world.words.reports.splice(0).length : world.lanes.forget();
    return gone > 0 && world.count(head);
  }
  if (head === 'garbage') return garbage(world);
  const place = Number(head.slice(1));
  const process = world.processes[place];
  if (second === 'boot') {
    if (process === undefined || (process !== null && !process.dead)) return false;
    world.processes[place] = new Process(world, place);
    return true;
  }
  if (!process || process.dead) return false;
  return engine(world, process, second, third, fourth);
}

async function engine(world: World, process: Process, what: string, which: string, how: string): Promise<boolean> {
  const { connection, calls, clock } = process;
  switch (what) {
    case 'crash':
      if (connection.unflushed.length > 0) world.count('unflushed');
      process.die();
      return world.count('crash');
    case 'stop':
      if (process.stopping) return false;
      process.stop();
      return world.count('stop');
    case 'disconnect':
      if (!connection.ready) return false;
      if (connection.unflushed.length > 0) world.count('unflushed');
      process.disconnect();
      return world.count('disconnect');
    case 'connect':
      if (connection.ready || process.stopping) return false;
      process.connect();
      return true;
    case 'block':
    case 'unblock':
      if (connection.blocked === (what === 'block')) return false;
      connection.blocked = what === 'block';
      return what === 'unblock' || world.count('block');
    case 'flush':
      if (connection.unflushed.length === 0) return false;
      connection.flush();
      return true;
    case 'wake':
      if (!clock.isDue) return false;
      clock.alarms.shift()?.wake();
      return true;
    case 'reply': {
      const reply = calls.replies.shift();
      reply?.();
      return reply !== undefined;
    }
    case 'hear':
    case 'miss':
    case 'judge':
      return hear(world, process, what, Number(which));
    case 'take':
      return take(world, process, which as QueueName, Number(how));
    case 'run': {
      const call = calls.running[Number(which)];
      if (!call) return false;
      calls.running = calls.running.filter((other) => other !== call);
      return meet(world, process, call, how as Fate);
    }
    default: {
      const call = calls.pending.filter(({ name }) => name === what)[Number(which)];
      if (!call) return false;
      calls.pending = calls.pending.filter((other) => other !== call);
      return meet(world, process, call, how as Fate);
    }
  }
}

async function meet(world: World, process: Process, call: Call, fate: Fate): Promise<boolean> {
  const answer = await call.meet(fate);
  if (fate !== 'do') world.count(call.fates[fate] as Fault);
  if (fate === 'slow') process.calls.replies.push(answer);
  else answer();
  return true;
}

function take(world: World, { connection }: Process, lane: QueueName, at: number): boolean {
  if (world.lanes.queueOf(lane)?.[at] === undefined || !connection.canTake(lane)) return false;
  connection.take(lane, at);
  return at === 0 || world.count('reorder');
}

/** Of the words about partners, the next report or one of the changes on their way to this engine. */
function hear(world: World, { line }: Process, how: string, at: number): boolean {
  if (!line) return false;
  if (how === 'judge') {
    if (!line.canJudge) return false;
    line.judge();
    return true;
  }
  if (line.inbox[at] === undefined) return false;
  if (how === 'miss') {
    line.inbox.splice(at, 1);
    return world.count('forget');
  }
  line.hear(at);
  return at === 0 || world.count('reorder');
}

/** Some steps of this bring an open circuit to its end. */
const WAIT_MS = 10_000;

/** A partner is down for a while, or comes back. */
function fall(world: World, how: string, who: string): boolean {
  const { down, names } = world.partner;
  if (!names.includes(who) || down.has(who) === (how === 'down')) return false;
  if (how === 'up') return down.delete(who);
  down.add(who);
  return world.count('outage');
}

/** `next`: to whatever falls due first; `wait`: for a circuit; `+ms`: further. */
function passTime(world: World, by: string): boolean {
  const { clock, lanes } = world;
  // Where nothing goes wrong, time passes only for handlers that take theirs: nothing else is ever late.
  if (world.scenario.faults.length === 0 && !world.calm && !isIdle(world)) return false;
  if (by === 'next') {
    const due = [
      ...world.up.flatMap((process) => process.clock.alarms[0]?.at ?? []),
      ...lanes.delayed.map(({ dueAt }) => dueAt),
    ];
    if (due.length === 0) return false;
    clock.at = Math.max(clock.at, Math.min(...due));
  } else if (by === 'wait') {
    clock.at += WAIT_MS;
  } else {
    clock.at += Number(by);
    world.count('jump');
  }
  lanes.fall();
  return true;
}

function duplicate(world: World, back: number): boolean {
  const { sent } = world.lanes;
  const message = sent[sent.length - 1 - back];
  if (!message) return false;
  world.lanes.put({ ...message });
  return world.count('duplicate');
}
