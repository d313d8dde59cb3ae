// Usage: npm run waiting -- [--instances 1000000] [--seconds 120] [--json FILE]
// What an idle engine costs with so many instances that wait for a timer, beside the same engine with ten: its memory,
// its CPU, and the statements that the database counts. The engine starts ten; the others are copies of
// the first one's rows, made by the database (scripts/waiting/multiply.mjs). Starts servers of its own, or uses
// SLUICE_DATABASE_URL and SLUICE_BROKER_URL, which nobody else may use meanwhile. Ends with one line of JSON.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { freshDatabase, freshVhost, startServers } from '../test/support/servers.mjs';
import { counters } from './bench/counters.mjs';
import { build } from './build.mjs';
import { forkEngine, stopWithSignals } from './lib/engine-child.mjs';
import { multiply } from './waiting/multiply.mjs';

const { values } = parseArgs({
  options: {
    instances: { type: 'string', default: '1000000' },
    seconds: { type: 'string', default: '120' },
    json: { type: 'string' },
  },
});
const SCRIPT = new URL('./waiting/engine.mjs', import.meta.url);
const instances = Number(values.instances);
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));
const rounded = (value, by = 1) => Math.round(value * by) / by;

/** What one engine costs that has nothing to do, from its start on: its first rounds look at most. */
async function idle(database, vhost, before = async () => {}) {
  const engine = await forkEngine(SCRIPT, { database, vhost }, ['--expose-gc']);
  const counts = await counters(database.url);
  try {
    await before(engine);
    await pause(10_000);
    const [read, first] = [await counts.read(), await engine.ask({ report: true })];
    const begun = performance.now();
    await pause(Number(values.seconds) * 1_000);
    const last = await engine.ask({ report: true });
    const seconds = (performance.now() - begun) / 1_000;
    const { statements, rowWrites } = await counts.since(read);
    return {
      rssMiB: rounded(last.rssMiB),
      cpuShare: rounded((last.cpuMs - first.cpuMs) / (seconds * 1_000), 10_000),
      statementsPerMinute: rounded((statements / seconds) * 60),
      rowWrites,
      looked: last.tally['audit.looked'] ?? 0,
      fired: last.tally['timer.fired'] ?? 0,
    };
  } finally {
    await counts.close();
    await engine.stop();
  }
}

async function main() {
  const found = await startServers();
  if (!found) throw new Error('Expected a database and a broker, but found none. See CONTRIBUTING.md.');
  Object.assign(process.env, found.env);
  stopWithSignals(found);
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  try {
    const few = await idle(database, vhost, (engine) => engine.ask({ start: 10 }));
    console.log(`10 instances: ${JSON.stringify(few)}`);
    const db = await mysql.createConnection(database.url);
    const begun = performance.now();
    await multiply(db, instances - 9);
    const [[{ many }]] = await db.query(
      "SELECT COUNT(*) AS many FROM node_instance WHERE status = 'waiting' AND queue = 0",
    );
    await db.end();
    console.log(`${many} instances wait; made in ${rounded((performance.now() - begun) / 1_000)} s`);
    const full = await idle(database, vhost);
    console.log(`${many} instances: ${JSON.stringify(full)}`);
    return { servers: found.versions, waiting: Number(many), few, full };
  } finally {
    await Promise.allSettled([database.drop(), vhost.drop()]);
    await found.stop();
  }
}

if (!(await build())) process.exit(1);
const report = { at: new Date().toISOString(), ...(await main()) };
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
console.log(JSON.stringify(report));
process.exit(0);
