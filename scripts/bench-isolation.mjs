// Usage: node scripts/bench-isolation.mjs [--quick] [--runs 3] [--json FILE]
// Whether a sick partner hurts its own traffic alone: forty partners on real servers, one of which hangs, fails, is slow
// and comes back, with the router and without it. Ends with one line of JSON; exits with 1 when a criterion is not met.
import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { parseArgs, promisify } from 'node:util';
import { freshDatabase, freshVhost, startServers } from '../test/support/servers.mjs';
import { judge } from './bench/isolation-criteria.mjs';
import { build } from './build.mjs';
import { stopWithSignals } from './lib/engine-child.mjs';

const { values } = parseArgs({
  options: { quick: { type: 'boolean', default: false }, runs: { type: 'string' }, json: { type: 'string' } },
});
/** The circuit's timings of a quick run, as a part of the real ones; the partner's and the phases are shorter too. */
const QUICK = 0.15;
const factor = values.quick ? QUICK : 1;
const runs = Number(values.runs ?? (values.quick ? 1 : 3));
const run = promisify(execFile);

/** One measured run on fresh schemas. */
async function measure(router) {
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  const env = { SLUICE_DATABASE_URL: database.url, SLUICE_BROKER_URL: vhost.url, SLUICE_TOPOLOGY_PREFIX: vhost.prefix };
  try {
    const script = new URL('./bench/isolation.mjs', import.meta.url).pathname;
    const args = ['--router', router, '--factor', String(factor), ...(values.quick ? ['--quick'] : [])];
    const { stdout } = await run(process.execPath, [script, ...args], {
      env: { ...process.env, ...env },
      maxBuffer: 1 << 24,
    });
    return JSON.parse(stdout.trim().split('\n').at(-1));
  } finally {
    await Promise.all([database.drop(), vhost.drop()]);
  }
}

const tell = ({ router, others, during, openMs, drainMs, calls }) => {
  const p99 = (figures) => `${Math.round(figures?.p99Ms ?? 0)} ms`;
  const words = [
    `router ${router}: p99 of the other 39 ${p99(others.before)} before, ${p99(during)} during`,
    ...(router === 'on' ? [`${p99(others.after)} after; open ${Math.round(openMs)} ms after the first failure`] : []),
    ...(drainMs === null ? [] : [`drained ${(drainMs / 1_000).toFixed(1)} s after the return`]),
    `by phase ${Object.entries(others)
      .map(([phase, figures]) => `${phase} ${p99(figures)}`)
      .join(', ')}`,
    `calls to the sick partner ${JSON.stringify(calls)}`,
  ];
  console.log(words.join(', '));
};

if (!(await build())) process.exit(1);
const found = await startServers();
if (!found) {
  console.error('Expected a database and a broker, but found none. Set SLUICE_DATABASE_URL and SLUICE_BROKER_URL.');
  process.exit(1);
}
Object.assign(process.env, found.env);
stopWithSignals(found);
if (factor !== 1) console.log(`quick: the circuit's timings are multiplied by ${factor}`);
const measured = { off: null, on: [] };
try {
  measured.off = await measure('off');
  tell(measured.off);
  for (let at = 0; at < runs; at++) {
    measured.on.push(await measure('on'));
    tell(measured.on[at]);
  }
} finally {
  await found.stop();
}
const criteria = judge(measured, factor);
for (const { name, met, found: value } of criteria) console.log(`${met ? 'met' : 'NOT MET'}: ${name} (${value})`);
const report = {
  at: new Date().toISOString(),
  machine: { cpus: cpus().length, model: cpus()[0]?.model, node: process.version },
  versions: found.versions,
  factor,
  met: criteria.every(({ met }) => met),
  criteria,
  ...measured,
};
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
console.log(JSON.stringify(report));
process.exit(report.met ? 0 : 1);
