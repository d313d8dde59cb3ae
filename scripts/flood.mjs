// Usage: npm run flood -- [--starts 200000] [--pause 120] [--engines 2] [--purge] [--minutes 30] [--json FILE]
// Starts by message far more instances than the lanes' consumers can work on, holds every handler back for the pause
// and till all starts are stored, at most four minutes, then lets them go; with --purge every lane is emptied when half
// of the instances have ended. Passes when all instances have ended and, without --purge, when nothing was sent or run
// twice. Starts servers of its own (or uses SLUICE_DATABASE_URL and SLUICE_BROKER_URL), stops by itself, and ends with
// one line of JSON.
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import mysql from 'mysql2/promise';
import { freshDatabase, freshVhost, startServers } from '../test/support/servers.mjs';
import { build } from './build.mjs';
import { purgeLanes, readyInLanes, sendStarts } from './flood/starts.mjs';
import { forkEngine, stopWithSignals } from './lib/engine-child.mjs';

const { values } = parseArgs({
  options: {
    starts: { type: 'string', default: '200000' },
    pause: { type: 'string', default: '120' },
    engines: { type: 'string', default: '2' },
    purge: { type: 'boolean', default: false },
    minutes: { type: 'string', default: '30' },
    json: { type: 'string' },
  },
});
/** Handlers are held back no longer: then their attempts would time out, and be tried again for good reason. */
const LONGEST_HOLD_S = 240;
const SCRIPT = new URL('./flood/engine.mjs', import.meta.url);
const starts = Number(values.starts);
const deadline = performance.now() + Number(values.minutes) * 60_000;
const pause = (ms) => new Promise((wake) => setTimeout(wake, ms));
const seconds = (since) => Math.round((performance.now() - since) / 100) / 10;

/** Asks once a second; throws when the time for the whole run is over. */
async function until(what, ask) {
  for (let told = performance.now(); ; ) {
    const { done, now } = await ask();
    if (done) return;
    if (performance.now() > deadline) throw new Error(`Expected ${what} in time, but there are ${now} of ${starts}.`);
    if (performance.now() - told > 15_000) {
      console.log(`${what}: ${now} of ${starts}`);
      told = performance.now();
    }
    await pause(1_000);
  }
}

async function flood(database, vhost, engines) {
  const db = await mysql.createConnection(database.url);
  const count = async (where) => Number((await db.query(`SELECT COUNT(*) AS many FROM instance ${where}`))[0][0].many);
  try {
    const begun = performance.now();
    await sendStarts(vhost, 'flood', starts);
    const sentSeconds = seconds(begun);
    let stored = 0;
    let storedSeconds = null;
    const lookAtStored = async () => {
      if (storedSeconds !== null) return;
      stored = await count('');
      if (stored >= starts) storedSeconds = seconds(begun);
    };
    const enough = () => seconds(begun) >= Number(values.pause) && storedSeconds !== null;
    while (!enough() && seconds(begun) < LONGEST_HOLD_S) {
      await lookAtStored();
      await pause(1_000);
    }
    const ready = await readyInLanes(vhost);
    const [pausedSeconds, letGo] = [seconds(begun), stored];

    const opened = performance.now();
    for (const engine of engines) engine.tell({ open: true });
    let purged = null;
    await until('instances ended', async () => {
      await lookAtStored();
      const now = await count('WHERE ended_at IS NOT NULL');
      if (values.purge && purged === null && now >= starts / 2) purged = await purgeLanes(vhost);
      return { now, done: now >= starts };
    });
    const drainSeconds = seconds(opened);
    const reports = await Promise.all(engines.map((engine) => engine.ask({ report: true })));
    const sum = (of) => reports.reduce((total, report) => total + (of(report) ?? 0), 0);
    const tally = (name) => sum((report) => report.tally[name]);
    return {
      starts,
      engines: engines.length,
      sentSeconds,
      storedSeconds,
      startsPerSecond: Math.round(starts / storedSeconds),
      heldSeconds: pausedSeconds,
      storedWhenLetGo: letGo,
      readyInLanes: ready,
      drainSeconds,
      stepsPerSecond: Math.round(starts / drainSeconds),
      purged,
      completed: await count("WHERE status = 'completed'"),
      calls: sum((report) => report.calls),
      swept: tally('swept'),
      stale: tally('delivery.stale'),
      copies: tally('delivery.copy'),
      refused: tally('dispatch.refused'),
      mostMiB: Math.round(Math.max(...reports.map((report) => report.mostMiB))),
    };
  } finally {
    await db.end();
  }
}

async function main() {
  const found = await startServers();
  if (!found) throw new Error('Expected a database and a broker, but found none. See CONTRIBUTING.md.');
  Object.assign(process.env, found.env);
  const engines = [];
  stopWithSignals(found, () => {
    for (const engine of engines) engine.kill();
  });
  const [database, vhost] = await Promise.all([freshDatabase(), freshVhost()]);
  try {
    for (let at = 0; at < Number(values.engines); at++) engines.push(await forkEngine(SCRIPT, { database, vhost }));
    const result = await flood(database, vhost, engines);
    const once = result.calls === starts && result.swept === 0 && result.stale === 0 && result.copies === 0;
    const passed = result.completed === starts && (values.purge || once);
    return { passed, servers: found.versions, ...result };
  } finally {
    for (const engine of engines) await engine.stop();
    await Promise.allSettled([database.drop(), vhost.drop()]);
    await found.stop();
  }
}

if (!(await build())) process.exit(1);
const report = { at: new Date().toISOString(), ...(await main()) };
if (values.json) writeFileSync(values.json, `${JSON.stringify(report, null, 2)}\n`);
console.log(JSON.stringify(report));
process.exit(report.passed ? 0 : 1);
