// The real servers that tests, benches and soaks run on. Usage: see docs in servers.d.mts.
import { findApi } from './servers/broker-api.mjs';
import { canStartDocker, startDocker } from './servers/docker.mjs';
import * as fresh from './servers/fresh.mjs';
import { canStartPrivate, privateControl, startPrivate } from './servers/private.mjs';
import { brokerVersion, databaseVersion } from './servers/versions.mjs';

export async function startServers(env = process.env) {
  const { source, found } = await choose(env);
  if (!found) return null;
  const [database, broker] = await Promise.all([databaseVersion(found.databaseUrl), brokerVersion(found.brokerUrl)]);
  const stop = once(found.stop);
  const variables = {
    SLUICE_TEST_DATABASE_URL: found.databaseUrl,
    SLUICE_TEST_BROKER_URL: found.brokerUrl,
    ...(found.brokerApiUrl ? { SLUICE_TEST_BROKER_API_URL: found.brokerApiUrl } : {}),
    ...(found.file ? { SLUICE_TEST_SERVERS_FILE: found.file } : {}),
  };
  return { ...found, source, versions: { database, broker }, env: variables, stop };
}

async function choose(env) {
  const { SLUICE_DATABASE_URL: databaseUrl, SLUICE_BROKER_URL: brokerUrl } = env;
  if (databaseUrl && brokerUrl) {
    const brokerApiUrl = await findApi(brokerUrl);
    return { source: 'given', found: { databaseUrl, brokerUrl, brokerApiUrl, stop: async () => {}, stopNow() {} } };
  }
  if (databaseUrl || brokerUrl) {
    throw new Error('Expected both SLUICE_DATABASE_URL and SLUICE_BROKER_URL, but only one is set. Set both or none.');
  }
  if (canStartDocker()) return { source: 'docker', found: await startDocker() };
  if (canStartPrivate()) return { source: 'private', found: await startPrivate() };
  return { source: 'none', found: null };
}

export async function freshDatabase() {
  return fresh.freshDatabase(variable('SLUICE_TEST_DATABASE_URL'));
}

export async function freshVhost() {
  return fresh.freshVhost(variable('SLUICE_TEST_BROKER_URL'), process.env.SLUICE_TEST_BROKER_API_URL);
}

export const servers = {
  canKill: () => process.env.SLUICE_TEST_SERVERS_FILE !== undefined,
  kill: (which) => privateControl(variable('SLUICE_TEST_SERVERS_FILE')).kill(which),
  start: (which) => privateControl(variable('SLUICE_TEST_SERVERS_FILE')).start(which),
};

function variable(name) {
  const value = process.env[name];
  if (value) return value;
  throw new Error(`Expected ${name} to be set, but it is not. Run this through 'npm test' or 'npx vitest run'.`);
}

function once(action) {
  let running;
  return () => {
    running ??= action();
    return running;
  };
}
