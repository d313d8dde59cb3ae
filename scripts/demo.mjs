// Usage: node scripts/demo.mjs [--once]     embedded, no server: every example flow against simulated partners.
// Opens the console and prints its link; with --once runs the instances to their end, prints a table and exits.
import 'reflect-metadata';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';

const { values } = parseArgs({ options: { once: { type: 'boolean', default: false } } });
/** The longest that the examples may take together; they need about five seconds. */
const PATIENCE_MS = 60_000;
/** How often another instance is started while somebody may be watching, and how many at most. */
const TRICKLE_MS = 4_000;
const TRICKLE = 500;

if (!(await build())) process.exit(1);
const load = (path) => import(new URL(`../dist/src/${path}.js`, import.meta.url));
const [{ serve, stopOnSignals }, { readConfig }, { DemoModule }, { demoStarts }, { Engine }, { Views }, { PinoLog }] =
  await Promise.all([
    load('programs/serve'),
    load('config/read-config'),
    load('programs/demo/demo.module'),
    load('programs/demo/demo-starts'),
    load('engine/engine'),
    load('engine/ports/views'),
    load('programs/process/pino-log'),
  ]);

const data = mkdtempSync(join(tmpdir(), 'sluice-demo-'));
process.on('exit', () => rmSync(data, { recursive: true, force: true }));
const port = process.env.SLUICE_PORT ?? String(values.once ? 0 : await freePort(3_000));
const config = readConfig({
  SLUICE_DATA: process.env.SLUICE_DATA ?? data,
  SLUICE_PORT: port,
  SLUICE_LOG: process.env.SLUICE_LOG ?? 'error',
  SLUICE_MIGRATE: 'true',
});
const served = await serve(config, { modules: [DemoModule] });
const engine = served.app.get(Engine);
const views = served.app.get(Views);
if (!values.once) console.log(`\n  Sluice is up, ${config.mode}. Console: ${served.link}\n`);

const started = [];
for (const each of demoStarts()) {
  const { flow, key, input } = each;
  const answer = await engine.startInstance.execute({ flow, key, input });
  if (!answer.ok) fail(`${flow} ${key}: ${answer.error.message}`);
  started.push({ ...each, id: answer.value.id });
}
let states = await settled(() => {});
await retryByHand();
states = await settled(() => {});
const good = table();

if (values.once) {
  await served.stop();
  process.exit(good ? 0 : 1);
}
console.log(
  `\n  The console stays up, and starts one more instance every ${TRICKLE_MS / 1_000} s. Ctrl-C stops it.\n  ${served.link}\n`,
);
stopOnSignals(served, new PinoLog(config.log));
trickle();

/** Waits until nothing runs any more, with a line of progress. */
async function settled() {
  const begun = performance.now();
  for (;;) {
    const { items } = await views.states(started.map(({ id }) => id));
    const now = new Map(items.map(({ instance }) => [instance.id, instance]));
    const running = started.filter(({ id }) => now.get(id)?.status === 'running').length;
    progress(`${started.length - running} of ${started.length} instances have come to rest`);
    if (running === 0) return now;
    if (performance.now() - begun > PATIENCE_MS)
      fail(`Expected all instances to come to rest within ${PATIENCE_MS / 1_000} s, but ${running} still run.`);
    await new Promise((wake) => setTimeout(wake, 200));
  }
}

/** The incident of the examples waits for a person; here the person is this script. */
async function retryByHand() {
  for (const each of started) {
    const state = states.get(each.id);
    if (state?.status !== 'incident' || each.expect.status !== 'incident') continue;
    each.retried = true;
    const answer = await engine.retryIncidents.execute({ instance: each.id, only: null, by: 'demo' });
    if (!answer.ok) fail(answer.error.message);
  }
}

function table() {
  progress('');
  const rows = started.map(({ flow, key, id, shows, expect, retried }) => {
    const { status, outcome } = states.get(id) ?? {};
    const wanted = retried ? { status: 'completed', outcome: 'transferred' } : expect;
    const good = status === wanted.status && outcome === wanted.outcome;
    return {
      good,
      cells: [
        good ? '✓' : '✗',
        flow,
        key,
        `${status}${outcome ? `: ${outcome}` : ''}`,
        retried ? `${shows} (retried by hand)` : shows,
      ],
    };
  });
  const widths = [0, 1, 2, 3, 4].map((at) => Math.max(...rows.map(({ cells }) => cells[at].length)));
  for (const { cells } of rows)
    console.log(
      `  ${cells
        .map((cell, at) => cell.padEnd(widths[at]))
        .join('  ')
        .trimEnd()}`,
    );
  const bad = rows.filter(({ good }) => !good).length;
  console.log(
    bad === 0
      ? `\n  All ${rows.length} instances ended as expected.`
      : `\n  ${bad} of ${rows.length} instances did not end as expected.`,
  );
  return bad === 0;
}

function trickle() {
  const examples = demoStarts();
  let count = 0;
  const timer = setInterval(() => {
    const { flow, key, input } = examples[count % examples.length];
    const fresh = `${key}-${++count}`;
    const renamed = Object.fromEntries(
      Object.entries(input).map(([name, value]) => [name, value === key ? fresh : value]),
    );
    engine.startInstance.execute({ flow, key: fresh, input: renamed }).catch((fault) => console.error(String(fault)));
    if (count >= TRICKLE) clearInterval(timer);
  }, TRICKLE_MS);
  timer.unref();
}

/** The wanted port, or any free one when it is taken. */
function freePort(wanted) {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(0));
    probe.listen(wanted, '127.0.0.1', () => probe.close(() => resolve(wanted)));
  });
}

function progress(text) {
  if (process.stdout.isTTY) process.stdout.write(`\r\x1b[K  ${text}`);
}

function fail(message) {
  console.error(`\n${message}`);
  process.exit(1);
}
