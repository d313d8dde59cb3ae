import { itemOf } from '../../../src/core/definition/work/each.js';
import { type Block, childrenOf } from '../flow/block.js';
import { BY_HAND } from '../flow/wide/tcc/tcc-block.js';
import { wideWaitsOf } from '../flow/wide/wide-nodes.js';
import type { Scenario } from '../world/scenario.js';
import type { World } from '../world/world.js';
import { isKeptBack, keptBackUntil } from './kept-back.js';
import { isNever, isOpen } from './open.js';
import { perform } from './perform.js';
import { turn } from './turn.js';

/** How long after the last fault all must be at rest, beside what flows wait on purpose. */
const LIMIT_MS = 120_000;

/** Shared probes that were lost are missed after a minute, which is looked at every minute; then they go out again. */
const LOST_PROBES_MS = 150_000;

/** Longest that all may take, with what circuits keep back; each opening in a row lasts longer, up to ten minutes. */
const LONGEST_MS = 6 * 3_600_000;

/** How soon every engine knows what is written about partners: docs/routing.md says 10 s, looked at every 9.5 s. */
const HEARSAY_MS = 15_000;

/** More than this without time passing is no work any more, but a circle. */
const MOST_ROUNDS = 5_000;

/**
 * The second half of a run: no more faults, every engine up, time passes, a person retries what a person has to retry.
 * Everything must come to rest. Answers why it did not, or `null`.
 */
export async function settle(world: World): Promise<string | null> {
  world.calm = true;
  world.calmAt = world.clock.at;
  world.partner.down.clear();
  for (const [place, process] of world.processes.entries()) {
    if (process === null || process.dead) await perform(world, `e${place} boot`);
    else if (!process.stopping) await perform(world, `e${place} connect`);
    if (process) process.connection.blocked = false;
  }
  const patienceMs =
    LIMIT_MS +
    (world.scenario.sharing ? LOST_PROBES_MS : 0) +
    Object.values(world.scenario.flows).reduce((sum, block) => sum + waitsOf(block, world.scenario.flows), 0);
  const longest = world.clock.at + LONGEST_MS;
  let until = keptBackUntil(world) + patienceMs;
  const asked = new Set<string>();
  await turn();
  for (;;) {
    if (!(await quieten(world))) return `it spins: ${unrest(world)}`;
    if (await isAtRest(world)) return hearsay(world);
    if (restart(world) || resume(world, asked) || retryIncidents(world, asked)) {
      await turn();
      continue;
    }
    if (world.clock.at > Math.min(until, longest))
      return `not at rest after ${(LIMIT_MS / 1_000).toFixed(0)} s: ${unrest(world)}`;
    asked.clear();
    const before = world.clock.at;
    const keptBack = isKeptBack(world);
    if (!(await perform(world, 'clock next'))) return `nothing falls due any more, but: ${unrest(world)}`;
    if (keptBack) until += world.clock.at - before;
  }
}

/** Does all that can be done without time passing; `false`: there is no end to it. */
async function quieten(world: World): Promise<boolean> {
  for (let rounds = 0; await round(world); rounds++) {
    if (rounds > MOST_ROUNDS) return false;
    await turn();
  }
  return true;
}

/** Engines need some seconds to learn of each other what they know of partners, whatever words were lost. */
async function hearsay(world: World): Promise<string | null> {
  if ((await world.opened.health.epoch()).version === 0) return null;
  for (const until = world.clock.at + HEARSAY_MS; world.clock.at < until; ) {
    await perform(world, 'clock next');
    if (!(await quieten(world))) return `it spins at rest: ${unrest(world)}`;
  }
  return null;
}

/** Does all that can be done at once; answers whether there was anything. */
async function round(world: World): Promise<boolean> {
  let done = false;
  for (const { calls, clock, connection, line } of world.up) {
    const waiting = [...calls.pending.splice(0), ...calls.running.splice(0)];
    for (const call of waiting) (await call.meet('do'))();
    const replies = calls.replies.splice(0);
    for (const reply of replies) reply();
    let moved = waiting.length + replies.length + connection.unflushed.length;
    for (; clock.isDue; moved++) clock.alarms.shift()?.wake();
    for (; line && line.inbox.length > 0; moved++) line.hear(0);
    for (; line?.canJudge; moved++) line.judge();
    connection.flush();
    for (const [lane, queue] of world.lanes.queues)
      for (; queue.length > 0 && connection.canTake(lane); moved++) connection.take(lane, 0);
    for (const name of ['starts', 'messages', 'replies'] as const)
      for (; world.lanes[name].length > 0 && connection.canTake(name); moved++) connection.take(name, 0);
    done ||= moved > 0;
  }
  while (await perform(world, 'worker answers 0')) done = true;
  const process = world.up.find(({ stopping }) => !stopping);
  for (const [at, client] of world.clients.entries()) {
    if (client.accepted || client.waits || client.refusal !== null) continue;
    if (client.plan.by !== 'http') done = (await perform(world, `client ${at} publish`)) || done;
    else if (process) done = (await perform(world, `client ${at} ask ${process.place}`)) || done;
  }
  if (process && world.persons.open.length > 0)
    done = (await perform(world, `person 0 completes ${process.place}`)) || done;
  for (const [at, writer] of world.letters.writers.entries())
    if (world.letters.isWanted(writer) && (writer.byBroker || process))
      done = (await perform(world, `letter ${at} send${writer.byBroker ? '' : ` ${process?.place}`}`)) || done;
  return done;
}

/** An engine that was stopping when the faults ended is down in the meantime. */
function restart(world: World): boolean {
  const down = world.processes.flatMap((process, place) => (process === null || process.dead ? [place] : []));
  for (const place of down) void perform(world, `e${place} boot`);
  return down.length > 0;
}

/** Whoever paused something lets it go on; one moment, one try. */
function resume(world: World, asked: Set<string>): boolean {
  const process = world.up.find(({ stopping }) => !stopping);
  if (!process) return false;
  const before = asked.size;
  for (const { instance } of world.history.courses.values()) {
    if (instance.status !== 'paused' || asked.has(instance.id)) continue;
    asked.add(instance.id);
    void process.engine.pauseInstance.resume({ instance: instance.id, by: 'a person' });
  }
  return asked.size > before;
}

/** A person retries every incident but those that will never do and those that heal by themselves; one moment, one try. */
function retryIncidents(world: World, asked: Set<string>): boolean {
  const process = world.up.find(({ stopping }) => !stopping);
  if (!process) return false;
  const before = asked.size;
  for (const { instance, nodes, raised } of world.history.courses.values()) {
    if (instance.status !== 'incident') continue;
    for (const { node, visit, status } of nodes.values()) {
      if (status !== 'incident' || isNever(world, instance.flow, { node, visit })) continue;
      const last = raised.findLast((one) => one.node === node && one.visit === visit);
      if (last?.code === 'NO_HANDLER') continue;
      const name = `${instance.id} ${node}.${visit}`;
      if (asked.has(name)) continue;
      asked.add(name);
      if (world.partner.participants.isForAPerson(instance.flow, node, itemOf(visit))) {
        const seen = { instance: instance.id, node, visit, by: BY_HAND.settledBy, reason: BY_HAND.reason };
        void process.settleParticipant.execute(seen);
        continue;
      }
      void process.engine.retryIncidents.execute({
        instance: instance.id,
        only: { node, visit },
        by: 'a person',
      });
    }
  }
  return asked.size > before;
}

async function isAtRest(world: World): Promise<boolean> {
  const quiet =
    world.lanes.ready === 0 &&
    world.lanes.delayed.length === 0 &&
    world.clients.every((client) => client.accepted || client.refusal !== null) &&
    world.letters.writers.every((writer) => !world.letters.isWanted(writer) && !writer.waits) &&
    world.up.every(
      ({ calls, connection }) =>
        calls.pending.length + calls.running.length + calls.replies.length + connection.hands.size === 0,
    ) &&
    ![...world.history.courses.values()].some((course) => isOpen(world, course));
  // Who has claimed a message may be dead; then others ask what became of it.
  return quiet && (world.letters.writers.length === 0 || (await world.opened.store.messages.counts()).claimed === 0);
}

/** What is still going on, for people. */
function unrest(world: World): string {
  const rows = [...world.history.courses.values()].flatMap(({ instance, nodes }) =>
    [...nodes.values()]
      .filter(({ status }) => ['ready', 'waiting', 'incident'].includes(status))
      .map(({ node, visit, status, attempt }) => `${instance.id} ${node}.${visit} is ${status} at attempt ${attempt}`),
  );
  const { ready, delayed } = world.lanes;
  const hands = world.up.map(({ connection }) => connection.hands.size).join(' ');
  const waiting = world.clients.filter(({ accepted }) => !accepted).length;
  return `${rows.join('; ')}; ${ready} ready, ${delayed.length} delayed, in hand ${hands}, ${waiting} clients wait`;
}

/** What a flow waits on purpose: its timers, retries and polls, each with the delay of the loops that find it. */
function waitsOf(block: Block, flows: Scenario['flows']): number {
  const inner = childrenOf(block).reduce((sum, child) => sum + waitsOf(child, flows), 0);
  switch (block.kind) {
    case 'task':
      return (
        block.plan.fails * 8_000 +
        block.plan.polls * 6_000 +
        (block.plan.more?.delay?.ms ?? 0) +
        (block.plan.undo ?? 0) * 8_000 +
        (block.plan.by ? 40_000 : 0)
      );
    case 'each': {
      const own = block.items.reduce(
        (sum, { fails, polls, by }) => sum + fails * 8_000 + polls * 6_000 + (by ? 40_000 : 0),
        0,
      );
      const rounds = block.added ? 8 : 1;
      return (
        inner +
        own * rounds +
        (block.added ? 60_000 : 0) +
        (block.flow === null ? 0 : 30_000 + block.items.length * waitsOf(flows[block.flow] as Block, flows))
      );
    }
    case 'timer':
      return block.ms + 4_000;
    case 'loop':
      return inner * block.times;
    case 'border':
      return inner + (block.ms ?? 0) + 60_000;
    case 'scope':
      return inner + block.ms + 4_000;
    case 'copies':
      return inner * block.count;
    case 'wait':
      return inner + (block.timeoutMs ?? 0) + 60_000;
    case 'event':
      return inner + Math.max(...block.arms.map(({ ms }) => ms ?? 0)) + 60_000;
    case 'wide':
      return inner + wideWaitsOf(block);
    case 'call':
      return inner + 30_000 + (block.undo ? 50_000 : 0) + waitsOf(flows[block.flow] as Block, flows);
    default:
      return inner;
  }
}
