// Which fault happens when, from a seed; and what became of each.
import { pause } from '../../../test/support/servers/processes.mjs';
import { dice } from '../dice.mjs';
import { ENGINE_FAULTS } from './engine-faults.mjs';
import { MESSAGE_FAULTS } from './message-faults.mjs';
import { SERVER_FAULTS } from './server-faults.mjs';

const ALL = [...ENGINE_FAULTS, ...MESSAGE_FAULTS, ...SERVER_FAULTS];
/** Longest that a fault waits for its turn at what it needs. */
const TURN_MS = 120_000;

/** Kinds that cannot be done at this place, by name. */
export const unsupported = (place) =>
  ALL.filter(({ supported }) => supported && !supported(place)).map(({ kind }) => kind);

/**
 * `{ atMs, fault }` in order: every kind that can be done once, in random order, then by weight; gaps are those of a
 * Poisson process, scaled to fill `lengthMs`.
 */
export function planFaults({ seed, count, lengthMs, place }) {
  const chance = dice(seed, 'faults');
  const can = ALL.filter(({ supported }) => !supported || supported(place));
  const once = chance.shuffle(can).slice(0, count);
  const more = Array.from({ length: count - once.length }, () => chance.weighted(can));
  const gaps = Array.from({ length: count }, () => chance.gap(1));
  const scale = lengthMs / (gaps.reduce((sum, gap) => sum + gap, 0) + 1);
  let atMs = 0;
  return chance.shuffle([...once, ...more]).map((fault, at) => {
    atMs += gaps[at] * scale;
    return { atMs, fault };
  });
}

/** Lets the plan happen; resolves when the last fault is over, with `{ kind, atMs, tookMs, proof, problem }` of each. */
export async function inject({ plan, seed, place, engines, flows, longestMs, tell }) {
  const began = Date.now();
  const busy = new Set();
  const done = [];
  const running = plan.map(async ({ atMs, fault }, at) => {
    const chance = dice(seed, `fault ${at}`);
    await pause(atMs);
    const took = { kind: fault.kind, atMs: Date.now() - began, tookMs: 0, proof: null, problem: null };
    done.push(took);
    const held = await turn(fault, { busy, engines, chance });
    const from = Date.now();
    try {
      if (!held) throw new Error(`waited ${TURN_MS} ms for its turn`);
      took.proof = await fault.run({ engine: held.engine, place, chance, flows, longestMs });
    } catch (problem) {
      took.problem = String(problem).slice(0, 300);
    } finally {
      held?.release();
      took.tookMs = Date.now() - from;
      tell(`${took.kind}: ${took.proof ?? `NOT CONFIRMED ${took.problem ?? ''}`}`);
    }
  });
  await Promise.all(running);
  return done;
}

/** Waits until what the fault needs is free: two faults never have the same engine or the same server in hand. */
async function turn({ needs }, { busy, engines, chance }) {
  for (const end = Date.now() + TURN_MS; Date.now() < end; await pause(100)) {
    const free =
      needs === 'engine' ? engines.filter(({ name }) => !busy.has(name)) : [needs].filter((name) => !busy.has(name));
    if (free.length === 0) continue;
    const chosen = chance.pick(free);
    const name = needs === 'engine' ? chosen.name : chosen;
    busy.add(name);
    return { ...(needs === 'engine' && { engine: chosen }), release: () => busy.delete(name) };
  }
  return null;
}
