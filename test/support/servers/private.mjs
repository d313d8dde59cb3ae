import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findDatabase, prepareDatabase } from './mariadb.mjs';
import { endGroup, findProgram, isAlive, launch, signalGroup, untilRefused, waitFor } from './processes.mjs';
import { findBroker, prepareBroker } from './rabbitmq.mjs';
import { brokerVersion, databaseVersion } from './versions.mjs';

/** Milliseconds a server gets to stop by itself; its data is thrown away afterwards, so it need not be polite. */
const GRACE_MS = 2_000;

export const canStartPrivate = () =>
  Boolean(findDatabase() && findBroker() && findProgram('epmd') && process.platform !== 'win32');

/**
 * Installed servers as private processes with data in a fresh folder. What runs is written to a file there, so that
 * a test process can kill and restart what another process started.
 */
export async function startPrivate() {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-servers-'));
  chmodSync(folder, 0o711);
  const file = join(folder, 'servers.json');
  const control = privateControl(file);
  // From here on, not only once all is up: a run can be interrupted in between.
  process.once('exit', control.stopNow);
  try {
    const [database, broker] = await Promise.all([
      prepareDatabase(findDatabase(), inside(folder, 'sql')),
      prepareBroker(findBroker(), inside(folder, 'broker')),
    ]);
    write(file, { database, broker });
    await Promise.all([control.start('database'), control.start('broker')]);
    const stop = async () => {
      await control.stop();
      process.off('exit', control.stopNow);
    };
    return { file, databaseUrl: database.url, brokerUrl: broker.url, brokerApiUrl: broker.apiUrl, ...control, stop };
  } catch (error) {
    await control.stop();
    throw error;
  }
}

/** Kill, start and stop of the servers described in `file`, from any process of the run. */
export function privateControl(file) {
  return {
    async kill(which) {
      const { pid, url } = read(file)[which];
      await endGroup(pid, 0);
      await untilRefused(Number(new URL(url).port));
    },
    async start(which) {
      const spec = read(file)[which];
      if (spec.pid !== undefined && isAlive(spec.pid)) return;
      if (spec.epmd && !(spec.epmd.pid !== undefined && isAlive(spec.epmd.pid))) {
        remember(file, (all) => {
          all[which].epmd.pid = launch({ ...spec, ...spec.epmd });
        });
      }
      const pid = launch(spec);
      remember(file, (all) => {
        all[which].pid = pid;
      });
      const ask = which === 'database' ? databaseVersion : brokerVersion;
      await waitFor(`the private ${which}`, () => ask(spec.url), { pid, logFile: spec.logFile });
      if (spec.apiUrl) await waitFor("the broker's management API", () => apiAnswers(spec.apiUrl), { pid });
    },
    stop: () => stopAll(file, join(file, '..')),
    /** For the moment of an exit, when nothing can be awaited any more. */
    stopNow() {
      for (const pid of pids(file)) signalGroup(pid, 'SIGKILL');
      rmSync(join(file, '..'), { recursive: true, force: true });
    },
  };
}

async function stopAll(file, folder) {
  const [epmd, ...servers] = pids(file).reverse();
  await Promise.all(servers.map((pid) => endGroup(pid, GRACE_MS)));
  if (epmd !== undefined) await endGroup(epmd, 0);
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}

/** Database, broker, and last the broker's name daemon. */
function pids(file) {
  try {
    const { database, broker } = read(file);
    return [database.pid, broker.pid, broker.epmd.pid].filter((pid) => pid !== undefined);
  } catch {
    return [];
  }
}

async function apiAnswers(apiUrl) {
  const { callApi } = await import('./broker-api.mjs');
  await callApi(apiUrl, 'GET', '/api/overview');
}

function inside(folder, name) {
  const path = join(folder, name);
  mkdirSync(path);
  return path;
}

const read = (file) => JSON.parse(readFileSync(file, 'utf8'));
const write = (file, value) => writeFileSync(file, JSON.stringify(value), { mode: 0o600 });

function remember(file, change) {
  const all = read(file);
  change(all);
  write(file, all);
}
