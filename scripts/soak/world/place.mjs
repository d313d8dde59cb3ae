// Where a run takes place: a database with a user of its own, a place on the broker, and what may be done to both.
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { createConnection, createPool } from 'mysql2/promise';
import { callApi } from '../../../test/support/servers/broker-api.mjs';
import { isAlive, pause, signalGroup } from '../../../test/support/servers/processes.mjs';
import { brokerVersion, databaseVersion } from '../../../test/support/servers/versions.mjs';
import { servers } from '../../../test/support/servers.mjs';

const run = promisify(execFile);

/**
 * @param found the servers that were found or started.
 * @param commands shell commands of the caller that kill and start servers which this run did not start.
 */
export async function openPlace(found, commands = {}) {
  const mark = randomBytes(4).toString('hex');
  const name = `soak_${mark}`;
  const password = randomBytes(12).toString('hex');
  const admin = await createConnection({ uri: found.databaseUrl });
  await admin.query(`CREATE DATABASE ${name}`);
  // Engines are no administrators: read_only must hold for them.
  await admin.query(`CREATE USER '${name}'@'%' IDENTIFIED BY '${password}'`);
  await admin.query(`GRANT ALL ON ${name}.* TO '${name}'@'%'`);
  await admin.end();

  const own = new URL(found.databaseUrl);
  own.pathname = `/${name}`;
  const database = createPool({ uri: own.href, connectionLimit: 3, enableKeepAlive: true, idleTimeout: 5_000 });
  database.on('connection', (connection) => connection.on('error', () => {}));
  const engineUrl = new URL(own);
  engineUrl.username = name;
  engineUrl.password = password;

  const broker = new URL(found.brokerUrl);
  const api = found.brokerApiUrl ?? null;
  if (api) {
    const user = decodeURIComponent(broker.username || 'guest');
    await callApi(api, 'PUT', `/api/vhosts/${name}`);
    const all = { configure: '.*', write: '.*', read: '.*' };
    await callApi(api, 'PUT', `/api/permissions/${name}/${encodeURIComponent(user)}`, all);
    broker.pathname = `/${name}`;
  }

  return {
    name,
    password,
    database,
    databaseUrl: engineUrl.href,
    brokerUrl: broker.href,
    prefix: api ? 'sluice' : `soak-${mark}`,
    api,
    control: controlOf(found, commands),
    async close() {
      await database.end().catch(() => {});
      if (api) await callApi(api, 'DELETE', `/api/vhosts/${name}`).catch(() => {});
      const last = await createConnection({ uri: found.databaseUrl });
      await last.query(`DROP DATABASE IF EXISTS ${name}`);
      await last.query(`DROP USER IF EXISTS '${name}'@'%'`);
      await last.end();
    },
  };
}

/** What can be done to the servers as processes; a member that is missing cannot be done here. */
function controlOf({ databaseUrl, brokerUrl, env }, { killDatabase, killBroker, start }) {
  const file = env?.SLUICE_TEST_SERVERS_FILE;
  if (file) {
    process.env.SLUICE_TEST_SERVERS_FILE = file;
    const spec = (which) => JSON.parse(readFileSync(file, 'utf8'))[which];
    const stopped = new Set();
    // A run that is ended in the middle leaves nobody standing still.
    process.once('exit', () => {
      for (const pid of stopped) signalGroup(pid, 'SIGCONT');
    });
    return {
      canKill: () => true,
      kill: (which) => servers.kill(which),
      start: (which) => servers.start(which),
      pid: (which) => spec(which).pid,
      signal(which, signal) {
        const { pid } = spec(which);
        if (signal === 'SIGSTOP') stopped.add(pid);
        process.kill(-pid, signal);
        if (signal === 'SIGCONT') stopped.delete(pid);
      },
      alive: (which) => isAlive(spec(which).pid),
      /** `rabbitmqctl` on the broker of this run; answers what it said. */
      async brokerctl(...args) {
        const { program, env: variables, uid, gid } = spec('broker');
        const owner = uid === undefined ? {} : { uid, gid };
        const { stdout } = await run(join(dirname(program), 'rabbitmqctl'), args, {
          env: variables,
          timeout: 60_000,
          ...owner,
        });
        return stdout;
      },
    };
  }
  const kill = { database: killDatabase, broker: killBroker };
  const ask = { database: () => databaseVersion(databaseUrl), broker: () => brokerVersion(brokerUrl) };
  return {
    canKill: (which) => Boolean(kill[which] && start),
    async kill(which) {
      await run('sh', ['-c', kill[which]]);
      for (const end = Date.now() + 10_000; Date.now() < end; await pause(50)) {
        if (!(await ask[which]().then(Boolean, () => false))) return;
      }
      throw new Error(`Expected '${kill[which]}' to kill the ${which}, but it still answers.`);
    },
    async start(which) {
      await run('sh', ['-c', start], { timeout: 120_000 });
      for (const end = Date.now() + 90_000; Date.now() < end; await pause(200)) {
        if (await ask[which]().then(Boolean, () => false)) return;
      }
      throw new Error(`Expected '${start}' to start the ${which}, but it does not answer.`);
    },
  };
}
