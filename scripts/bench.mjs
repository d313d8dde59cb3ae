// Usage: node scripts/bench.mjs [--pairs 5] [--seconds 8] [--only servers|embedded] [--lanes durable|transient] [--writer engine|thread]
//   [--warmup 10] [--json FILE]
// Measures steps per second and the latency of a step, in both modes, beside a raw floor of the same minutes. Ratios
// are medians of interleaved pairs. Ends with one line of JSON.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { freshDatabase, freshVhost, startServers } from '../test/support/servers.mjs';
import { median } from './bench/samples.mjs';
import { build } from './build.mjs';
import { stopWithSignals } from './lib/engine-child.mjs';

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    seconds: { type: 'string', default: '8' },
    only: { type: 'string' },
    lanes: { type: 'string', default: 'durable' },
    writer: { type: 'string', default: 'engine' },
    // With three seconds two fifths of the engine's time were compiling, which a process does once in its life.
    warmup: { type: 'string', default: '10' },
    json: { type: 'string' },
  },
});
const seconds = values.seconds;
const pairs = Number(values.pairs);
const run = promisify(execFile);

/** A floor below these means that the machine, not the engine, was measured. */
const VOID_BELOW = { batched: 3_200, unbatched: 640 };

/** As `npm start` runs it; the floor is given the same. */
const AS_STARTED = ['--max-semi-space-size=64'];

async function child(script, args, env) {
  const { stdout } = await run(
    process.execPath,
    [...AS_STARTED, new URL(`./bench/${script}`, import.meta.url).pathname, ...args, '--warmup', values.warmup],
    {
      env: { ...process.env, ...env },
      maxBuffer: 1 << 24,
    },
  );
  return JSON.parse(stdout.trim().split('\n').at(-1));
}

const two = (value) => (value === null || value === undefined ? '–' : value.toFixed(2));

async function embedded() {
  const result = {};
  const env = { SLUICE_BENCH_WRITER: values.writer };
  for (const flow of ['linear', 'fan']) {
    const runs = [];
    for (let at = 0; at < Math.min(pairs, 3); at++)
      runs.push(await child('engine.mjs', ['--flow', flow, '--seconds', seconds], env));
    const low = await child('engine.mjs', ['--flow', flow, '--seconds', seconds, '--in-flight', '1'], env);
    result[flow] = { stepsPerSecond: median(runs.map((each) => each.stepsPerSecond)), runs, lowLoad: low };
    console.log(
      `embedded ${flow}: ${Math.round(result[flow].stepsPerSecond)} steps/s, a step at low load ${two(low.p50Ms)} ms p50, ${two(low.p99Ms)} ms p99`,
    );
  }
  return result;
}

/** One measured run of the engine on fresh schemas. */
async function onServers(flow, extra = []) {
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  const env = {
    SLUICE_DATABASE_URL: database.url,
    SLUICE_BROKER_URL: vhost.url,
    SLUICE_TOPOLOGY_PREFIX: vhost.prefix,
    SLUICE_LANES: values.lanes,
  };
  try {
    return await child('engine.mjs', ['--flow', flow, '--seconds', seconds, ...extra], env);
  } finally {
    await Promise.all([database.drop(), vhost.drop()]);
  }
}

async function floor(mode) {
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  try {
    return await child('floor.mjs', ['--mode', mode, '--seconds', seconds], {
      SLUICE_BENCH_DATABASE_URL: database.url,
      SLUICE_BENCH_BROKER_URL: vhost.url,
    });
  } finally {
    await Promise.all([database.drop(), vhost.drop()]);
  }
}

async function servers() {
  const found = await startServers();
  if (!found) return { skipped: 'Expected a database and a broker, but found none.' };
  Object.assign(process.env, found.env);
  stopWithSignals(found);
  try {
    const unbatched = await floor('unbatched');
    console.log(`floor, unbatched: ${Math.round(unbatched.stepsPerSecond)} steps/s`);
    const result = { versions: found.versions, lanes: values.lanes, unbatched, flows: {} };
    for (const flow of ['linear', 'fan']) {
      const measured = [];
      for (let at = 0; at < pairs; at++) {
        const below = await floor('batched');
        const engine = await onServers(flow);
        measured.push({ floor: below, engine, ratio: engine.stepsPerSecond / below.stepsPerSecond });
        console.log(
          `${flow} ${at + 1}/${pairs}: ${Math.round(engine.stepsPerSecond)} of ${Math.round(below.stepsPerSecond)} steps/s = ${two(measured[at].ratio)}; ` +
            `${two(engine.rowWritesPerStep)} row writes and ${two(engine.statementsPerStep)} statements a step`,
        );
      }
      const low = [];
      for (let at = 0; at < pairs; at++) {
        const raw = await floor('raw');
        const engine = await onServers(flow, ['--in-flight', '1']);
        low.push({ raw, engine, ratio: engine.p50Ms / raw.p50Ms });
      }
      result.flows[flow] = {
        ratio: median(measured.map(({ ratio }) => ratio)),
        stepsPerSecond: median(measured.map(({ engine }) => engine.stepsPerSecond)),
        floorStepsPerSecond: median(measured.map((each) => each.floor.stepsPerSecond)),
        rowWritesPerStep: median(measured.map(({ engine }) => engine.rowWritesPerStep)),
        statementsPerStep: median(measured.map(({ engine }) => engine.statementsPerStep)),
        lowLoad: {
          ratio: median(low.map(({ ratio }) => ratio)),
          p50Ms: median(low.map(({ engine }) => engine.p50Ms)),
          p99Ms: median(low.map(({ engine }) => engine.p99Ms)),
          rawP50Ms: median(low.map(({ raw }) => raw.p50Ms)),
        },
        void:
          measured.some((each) => each.floor.stepsPerSecond < VOID_BELOW.batched) ||
          unbatched.stepsPerSecond < VOID_BELOW.unbatched,
        pairs: measured,
        low,
      };
      const { ratio, lowLoad } = result.flows[flow];
      console.log(
        `${flow}: ${two(ratio)} of the batched floor; a step at low load ${two(lowLoad.p50Ms)} ms p50, ${two(lowLoad.ratio)} of the raw step${result.flows[flow].void ? ' (VOID: the floor was too low)' : ''}`,
      );
    }
    return result;
  } finally {
    await found.stop();
  }
}

if (!(await build())) process.exit(1);
const report = {
  at: new Date().toISOString(),
  machine: { cpus: cpus().length, model: cpus()[0]?.model, node: process.version },
  embedded: values.only === 'servers' ? null : await embedded(),
  servers: values.only === 'embedded' ? null : await servers(),
};
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
console.log(JSON.stringify(report));
