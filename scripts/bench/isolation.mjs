// Usage: node scripts/bench/isolation.mjs --router on|off [--factor 1] [--quick] [--rate 80]
// Forty partners under an open load on one built engine, without HTTP. The first of them hangs, then fails at once,
// then is slow, then is well again. The circuit's timings are multiplied by the factor. Prints one line of JSON.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { POLICY } from '../../dist/src/core/routing/policy.js';
import { summary } from './isolation-summary.mjs';
import { Samples } from './samples.mjs';

const { values } = parseArgs({
  options: {
    router: { type: 'string', default: 'on' },
    factor: { type: 'string', default: '1' },
    rate: { type: 'string', default: '80' },
    quick: { type: 'boolean', default: false },
  },
});
const factor = Number(values.factor);
const rate = Number(values.rate);
const on = values.router === 'on';

const PARTNERS = 40;
const SICK = 0;
/** How many messages of a lane run at once. */
const PLACES = values.quick ? 24 : 32;
const TIMES = values.quick
  ? {
      timeout: 2_000,
      retry: 1_000,
      slow: 1_000,
      before: 7_000,
      hangs: on ? 22_000 : 32_000,
      fails: 8_000,
      slowly: 18_000,
    }
  : {
      timeout: 5_000,
      retry: 5_000,
      slow: 3_000,
      before: 30_000,
      hangs: on ? 60_000 : 100_000,
      fails: 30_000,
      slowly: 60_000,
    };
/** How long each phase lasts. Without a router nothing is learnt after the first. */
const PHASES = {
  before: TIMES.before,
  hangs: TIMES.hangs,
  ...(on && { 'fails fast': TIMES.fails, 'is slow': TIMES.slowly }),
};
const WARM_UP_MS = values.quick ? 4_000 : 10_000;
const AFTER_MS = TIMES.before;
const LONGEST_DRAIN_MS = 600_000;

// Before anything else reads it.
for (const name of ['openMs', 'longestMs', 'rememberMs', 'probeAgainMs', 'rampStepMs']) POLICY.circuit[name] *= factor;
POLICY.window.slotMs *= factor;
// One queue for all: nothing that is tried again goes apart either.
if (!on) POLICY.retryLaneFrom = Number.POSITIVE_INFINITY;
const { boot } = await import('./boot.mjs');
const { circuitAt } = await import('../../dist/src/core/routing/health/circuit.js');

const FLOW = `
flow: calling
nodes:
  begin: { start: true }
  call: { task: partner.call, in: { partner: input.partner, at: input.at }, circuit: { by: input.partner }, timeout: ${TIMES.timeout}ms, retry: { local: [], remote: [${TIMES.retry}ms], max: 1000 } }
  done: { end: called }
edges:
  - begin -> call -> done
`;
const SUBJECT = `partner.call[partner=p${SICK}]`;

const data = mkdtempSync(join(tmpdir(), 'sluice-isolation-'));
const { SERVER_TUNING } = await import('../../dist/src/engine/ports/tuning.js');
const { engine, registry, publish, close } = await boot({
  data,
  tuning: { watchHealth: on, prefetch: { ...SERVER_TUNING.prefetch, fast: PLACES, normal: PLACES } },
});
const began = performance.now();
const now = () => performance.now() - began;
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));

let phase = 'warm up';
let sick = 'well';
const others = {};
const calls = [];
const waiting = new Map();
const turns = [];
let firstFailureAt = null;

// What the router let through, with the time for which it was due, and whether as a probe.
const passes = new Map();
const admit = engine.router.admit.bind(engine.router);
engine.router.admit = (subject, of, ...more) => {
  const answer = admit(subject, of, ...more);
  const note = (pass) => {
    const { id, wakeAt } = of();
    if (pass) passes.set(id, { dueAt: wakeAt, probe: pass.probe });
    return pass;
  };
  return answer instanceof Promise ? answer.then(note) : note(answer);
};

let random = 42;
const dice = () => {
  random = (Math.imul(random, 1_664_525) + 1_013_904_223) >>> 0;
  return random / 2 ** 32;
};

registry.register('partner.call', async ({ partner, at }, context) => {
  const arrivedAt = now();
  const takesMs = 10 + dice() * 40;
  if (partner !== `p${SICK}`) {
    await pause(takesMs);
    others[phase] ??= new Samples();
    others[phase].add(now() - at);
    return { ok: true };
  }
  const key = context.idempotencyKey;
  const known = waiting.get(key) ?? { at, calls: 0, attempt: 0 };
  waiting.set(key, { ...known, calls: known.calls + 1, attempt: context.attempt });
  calls.push({
    at: arrivedAt,
    begun: at,
    phase,
    attempt: context.attempt,
    first: known.calls === 0,
    state: circuit()?.state,
    ...passes.get(key),
  });
  if (sick === 'hangs') {
    setTimeout(() => (firstFailureAt ??= now()), TIMES.timeout);
    return new Promise(() => {});
  }
  if (sick === 'fails fast') throw new Error('the partner refuses');
  await pause(sick === 'is slow' ? TIMES.slow : takesMs);
  const { calls: made, attempt } = waiting.get(key);
  finished.push({ at: now(), begun: at, made, attempt });
  waiting.delete(key);
  return { ok: true };
});
const finished = [];

function circuit() {
  const known = engine.router.health.subjects.get(SUBJECT)?.circuit;
  return known && circuitAt(known, Date.now());
}
const watching = setInterval(() => {
  const state = circuit()?.state ?? 'closed';
  if (state !== (turns.at(-1)?.state ?? 'closed')) turns.push({ at: now(), state, phase });
}, 10);

await publish(FLOW);
let next = 0;
let started = 0;
const load = setInterval(() => {
  // As many as are due by now, whatever the timer missed.
  for (const due = (now() / 1_000) * rate; next < due; next++) {
    const at = now();
    const partner = `p${next % PARTNERS}`;
    started++;
    void engine.startInstance.execute({ flow: 'calling', input: { partner, at } });
    if (partner === `p${SICK}`) begunOf.push(at);
  }
}, 5);
const begunOf = [];

await pause(WARM_UP_MS);
const deferred = () => engine.tally.get('delivery.deferred');
const deferredBefore = deferred();
const begins = {};
for (const [name, ms] of Object.entries(PHASES)) {
  phase = name;
  begins[name] = now();
  sick = name === 'before' ? 'well' : name;
  await pause(ms);
}
let drainedAt = null;
if (on) {
  phase = 'returned';
  sick = 'well';
  begins.returned = now();
  const until = now() + LONGEST_DRAIN_MS * factor;
  // Everything that was begun before it returned, and calm after the last change of the circuit.
  const drained = () =>
    ![...waiting.values()].some((one) => one.at < begins.returned) &&
    begunOf.filter((at) => at < begins.returned).length <= finished.filter((one) => one.begun < begins.returned).length;
  while (now() < until && !(drained() && circuit()?.state === 'closed')) {
    await pause(50);
    if (drained()) drainedAt ??= now();
  }
  phase = 'after';
  begins.after = now();
  await pause(AFTER_MS);
}
clearInterval(load);
clearInterval(watching);
await pause(500);

console.log(
  JSON.stringify({
    router: values.router,
    factor,
    rate,
    started,
    deferred: deferred() - deferredBefore,
    unfinished: waiting.size,
    ...summary({ others, turns, calls, finished, begins, firstFailureAt, drainedAt }),
  }),
);
await Promise.race([close(), pause(5_000)]);
rmSync(data, { recursive: true, force: true });
process.exit(0);
