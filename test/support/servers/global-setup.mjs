import { startServers } from '../servers.mjs';

/** Lets `npx vitest run --project servers` work alone; `npm test` has the servers up before it gets here. */
export default async function setup() {
  if (process.env.SLUICE_TEST_DATABASE_URL) return undefined;
  const servers = await startServers();
  if (!servers) {
    throw new Error(
      'Expected a database and a broker, but found none. Set SLUICE_DATABASE_URL and SLUICE_BROKER_URL, start Docker, ' +
        "or install Debian's mariadb-server and rabbitmq-server.",
    );
  }
  Object.assign(process.env, servers.env);
  console.log(`servers: ${servers.versions.database}, ${servers.versions.broker} (${servers.source})`);
  return () => servers.stop();
}
