// The starts of a run: when, by which door, which of them twice.
import { pause } from '../../test/support/servers/processes.mjs';
import { dice } from './dice.mjs';
import { inputOf } from './flows.mjs';

/**
 * Starts come in this part of the time in which faults happen. What is asked of the end of a run is how it recovers from the last
 * faults; with starts to the last second it would be how fast the machine works off what was offered beyond its capacity.
 */
const STARTS_SHARE = 0.85;
/** Malformed start messages among the good ones; they must be found in the quarantine, and nothing else. */
const RUBBISH = 5;

/** What each key was started with: `Map(key → { flow, input })`, for whoever must tell what has to happen. */
export function planStarts({ seed, count, flows, secret }) {
  const plan = new Map();
  for (let at = 0; at < count; at++) {
    const chance = dice(seed, `start ${at}`);
    const key = `k-${at}`;
    const number = chance.int(0, flows.length - 1);
    const how = chance.weighted([
      { how: 'once', weight: 93 },
      { how: 'twice', weight: 5 },
      { how: 'rivals', weight: 2 },
    ]).how;
    const doors = [chance, chance].map(() => (chance.chance(0.6) ? 'http' : 'amqp'));
    plan.set(key, {
      at,
      key,
      flow: flows[number][0].flow,
      input: inputOf(flows[number], chance, key, secret),
      how,
      doors,
    });
  }
  return plan;
}

/**
 * Starts everything of the plan within `lengthMs`, and publishes the second versions half way. Resolves when all has
 * been accepted and is on disk.
 */
export async function load({ plan, seed, flows, lengthMs, http, amqp, journal, tell }) {
  const accepted = [];
  const versions = [];
  const accept = async (line) => {
    await journal.add(line);
    accepted.push(line);
  };
  const start = async ({ key, flow, input }, door, receipt) => {
    const began = Date.now();
    const answer = door === 'http' ? await http.start(flow, input, receipt) : await amqp.start(flow, input, receipt);
    await accept({
      key,
      flow,
      door,
      receipt,
      began,
      at: Date.now(),
      tries: answer.tries,
      id: answer.id ?? null,
      version: answer.version ?? null,
    });
  };
  const begin = async (one) => {
    const { key, how, doors } = one;
    if (how === 'rivals')
      await Promise.all([start(one, doors[0], `${key}-left`), start(one, doors[1], `${key}-right`)]);
    else if (how === 'twice')
      await Promise.all([start(one, doors[0], key), pause(300).then(() => start(one, doors[1], key))]);
    else await start(one, doors[0], key);
  };
  const publishSecond = async () => {
    await pause(lengthMs / 2);
    for (const [, second] of flows) {
      const began = Date.now();
      const { version } = await http.publish(second.yaml);
      versions.push({ flow: second.flow, version, began, at: Date.now() });
    }
    tell('second versions are published');
  };
  const chance = dice(seed, 'times');
  const all = [publishSecond()];
  for (const one of plan.values()) {
    all.push(pause(((one.at + chance.next()) / plan.size) * lengthMs * STARTS_SHARE).then(() => begin(one)));
  }
  const rubbish = Array.from({ length: RUBBISH }, (_, at) => `rubbish-${at}`);
  for (const mark of rubbish)
    all.push(pause(chance.next() * lengthMs).then(() => amqp.rubbish(flows[0][0].flow, mark)));
  await Promise.all(all);
  return { accepted, versions, rubbish };
}
