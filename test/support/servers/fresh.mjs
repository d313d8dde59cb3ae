import { randomBytes } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import { callApi } from './broker-api.mjs';

/** An empty database of its own for one test file. `drop()` when done. */
export async function freshDatabase(url) {
  const name = `sluice_t_${randomBytes(6).toString('hex')}`;
  await statement(url, `CREATE DATABASE ${name}`);
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, name, drop: () => statement(url, `DROP DATABASE IF EXISTS ${name}`) };
}

async function statement(url, sql) {
  const connection = await createConnection({ uri: url });
  try {
    await connection.query(sql);
  } finally {
    await connection.end();
  }
}

/**
 * A place on the broker of its own for one test file: a virtual host where the management API can make one, else the
 * given host with a topology prefix of its own. Use both: `url` to connect, `prefix` for the topology.
 */
export async function freshVhost(url, apiUrl) {
  const name = `sluice_t_${randomBytes(6).toString('hex')}`;
  // A prefix has no underscores: it is part of setting SLUICE_TOPOLOGY_PREFIX, which refuses them.
  if (!apiUrl) return { url, prefix: name.replaceAll('_', '-'), drop: async () => {} };
  const user = decodeURIComponent(new URL(url).username || 'guest');
  await callApi(apiUrl, 'PUT', `/api/vhosts/${name}`);
  await callApi(apiUrl, 'PUT', `/api/permissions/${name}/${encodeURIComponent(user)}`, {
    configure: '.*',
    write: '.*',
    read: '.*',
  });
  const own = new URL(url);
  own.pathname = `/${name}`;
  return { url: own.href, prefix: 'sluice', drop: () => callApi(apiUrl, 'DELETE', `/api/vhosts/${name}`) };
}
